using System.Text.Json.Serialization;

namespace Aigc.Api.Logto;

/// <param name="Secret">Only of an application from before Logto kept several secrets.</param>
public sealed record LogtoApplication(string Id, string Name, string Type, OidcClientMetadata OidcClientMetadata, string? Secret = null);

/// <summary>Where an application's people are sent to and told from.</summary>
public sealed record OidcClientMetadata(
    IReadOnlyList<string> RedirectUris, IReadOnlyList<string> PostLogoutRedirectUris, string? BackchannelLogoutUri = null, bool? BackchannelLogoutSessionRequired = null)
{
    public bool IsSame(OidcClientMetadata other) =>
        RedirectUris.SequenceEqual(other.RedirectUris) && PostLogoutRedirectUris.SequenceEqual(other.PostLogoutRedirectUris)
        && BackchannelLogoutUri == other.BackchannelLogoutUri && BackchannelLogoutSessionRequired == other.BackchannelLogoutSessionRequired;
}

/// <param name="ExpiresAt">Epoch milliseconds; null: never.</param>
public sealed record LogtoSecret(string Name, string Value, long? ExpiresAt);

/// <param name="Indicator">The audience of access tokens.</param>
public sealed record LogtoResource(string Id, string Name, string Indicator);

public sealed record LogtoRole(string Id, string Name, string Description, string Type);

/// <summary>What goes into id tokens besides the standard's claims.</summary>
public sealed record IdTokenClaims(IReadOnlyList<string>? EnabledExtendedClaims);

internal sealed record LogtoToken([property: JsonPropertyName("access_token")] string AccessToken);

internal sealed record LogtoProblem(string? Code, string? Message, [property: JsonPropertyName("error_description")] string? ErrorDescription);

/// <summary>Logto refused, or could not be asked; says why, and the remedy.</summary>
public sealed class LogtoException(string message, Exception? inner = null) : Exception(message, inner);
