using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>OpenID Connect on top of OAuth's code flow with PKCE and state: discovery, a nonce, and the id token checked.</summary>
public sealed class OidcHandler(
    IOptionsMonitor<OAuthOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Provider provider, TokenValidator validator)
    : OAuthHandler<OAuthOptions>(options, loggers, encoder)
{
    public new const string Scheme = "oidc";
    public const string LoginHint = "login_hint";
    private const string Nonce = "nonce";

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await DiscoverAsync();
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        // The properties travel encrypted in the state, and come back only to the browser that holds the correlation cookie.
        var nonce = Secret.New();
        properties.Items[Nonce] = nonce;
        var url = QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), Nonce, nonce);
        return properties.GetParameter<string>(LoginHint) is { Length: > 0 } hint ? QueryHelpers.AddQueryString(url, LoginHint, hint) : url;
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        await DiscoverAsync();
        return await base.HandleRemoteAuthenticateAsync();
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var idToken = tokens.Response!.RootElement.TryGetProperty("id_token", out var value) ? value.GetString() : null;
        var claims = idToken is null ? null : await validator.ValidateIdTokenAsync(idToken, Context.RequestAborted);
        if (claims is null)
            throw new AuthenticationFailureException("The identity provider's id token is missing or not valid.");
        if (!Same(claims.FindFirst(Nonce)?.Value, properties.Items[Nonce]))
            throw new AuthenticationFailureException("The identity provider's id token answers another sign-in.");
        properties.Items.Remove(Nonce);
        return new(new ClaimsPrincipal(claims), properties, Scheme);
    }

    /// <summary>All requests share the options, and all write the same.</summary>
    private async Task DiscoverAsync()
    {
        var discovered = await provider.GetAsync(Context.RequestAborted);
        Options.AuthorizationEndpoint = discovered.AuthorizationEndpoint;
        Options.TokenEndpoint = discovered.TokenEndpoint;
    }

    private static bool Same(string? one, string? other) =>
        one is not null && other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
