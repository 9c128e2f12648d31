using System.Text.Json;
using Aigc.Api.SigningIn.Checking;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Api.SigningIn.Ending;

/// <summary>The provider's word, over the back channel, that somebody signed out there (OpenID Connect Back-Channel Logout 1.0).</summary>
public sealed class LogoutTokens(TokenValidator validator, SignInStore store, SignIns signIns, AuditLog audit, TimeProvider time)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>An older word is not believed, and a younger one is remembered, so that each counts once.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(5);

    /// <returns>Whether the token was good; that nobody was signed in any more is no fault of it.</returns>
    public async Task<bool> ObeyAsync(string logoutToken, string? address, CancellationToken cancellationToken)
    {
        if (await validator.ValidateLogoutTokenAsync(logoutToken, cancellationToken) is not { } token
            || token.Text("jti") is not { Length: > 0 and <= 256 } word || token.Time("iat") is not { } issued
            || DateTimeOffset.FromUnixTimeSeconds(issued) < time.GetUtcNow() - Oldest
            || token.Payload.TryGetProperty("nonce", out _) || !IsLogout(token.Payload)
            || (token.Text("sub") is null && token.Text("sid") is null))
        {
            return false;
        }

        var user = token.Text("sub") is { } subject ? new UserId(subject) : (UserId?)null;
        var session = token.Text("sid") is { } sid ? SignInKey.Of(sid).Value : null;
        if (await store.RemoveAtProvidersWordAsync(word, time.GetUtcNow() + (2 * Oldest), user, session, cancellationToken) is not { } ended)
            return false;
        await signIns.EndedAsync(ended, cancellationToken);
        if (ended.Count > 0)
        {
            await audit.AppendAsync(
                new(AuditActions.SignOut, AuditOutcome.Done, new(user, user?.Value ?? "somebody", address), Detail: "at the identity provider"), cancellationToken);
        }

        return true;
    }

    private static bool IsLogout(JsonElement payload) =>
        payload.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Object
        && events.TryGetProperty(Event, out var logout) && logout.ValueKind == JsonValueKind.Object;
}
