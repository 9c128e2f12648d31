using System.Text.Json;
using Aigc.Api.SigningIn.Checking;
using Aigc.Api.SigningIn.Claims;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>The provider's userinfo endpoint, for what an id token lacks.</summary>
public sealed partial class UserInfo(
    Provider provider, IHttpClientFactory clients, PersonClaims people, IOptions<IdentityOptions> options, ILogger<UserInfo> logger)
{
    /// <param name="claims">What is known without it.</param>
    /// <returns>The claims, with those of userinfo after them if they are needed and allowed; null when the endpoint is away.</returns>
    public async Task<ProviderClaims?> CompleteAsync(ProviderClaims claims, string? accessToken, CancellationToken cancellationToken) =>
        options.Value.UserInfo != true || accessToken is null || !people.Lacks(claims)
            ? claims
            : await FetchAsync(accessToken, claims.Subject, cancellationToken) is { } more ? claims.And(more) : null;

    private async Task<JsonElement?> FetchAsync(string accessToken, string? subject, CancellationToken cancellationToken)
    {
        var configuration = await provider.GetAsync(cancellationToken);
        try
        {
            using var client = clients.CreateClient(Provider.HttpClient);
            using var request = new HttpRequestMessage(HttpMethod.Get, configuration.UserInfoEndpoint);
            request.Headers.Authorization = new("Bearer", accessToken);
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            // Of somebody else: OpenID Connect Core 5.3.2 forbids its use.
            return document.RootElement.ValueKind == JsonValueKind.Object && new ProviderClaims(document.RootElement).Subject == subject
                ? document.RootElement.Clone()
                : throw new InvalidOperationException("The userinfo endpoint answered with another subject.");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.Failed(logger, configuration.UserInfoEndpoint, error);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The identity provider's userinfo endpoint {Address} did not tell who somebody is")]
        public static partial void Failed(ILogger logger, string address, Exception error);
    }
}
