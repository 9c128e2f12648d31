using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Aigc.Api.SigningIn.Checking;
using Aigc.Api.SigningIn.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>OpenID Connect on top of OAuth's code flow with PKCE and state: discovery, a nonce, the issuer in the answer, and the id token checked.</summary>
public sealed class OidcHandler(
    IOptionsMonitor<OAuthOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<IdentityOptions> settings,
    Provider provider, TokenEndpoint tokenEndpoint, TokenValidator validator, UserInfo userInfo, PersonClaims claimed)
    : OAuthHandler<OAuthOptions>(options, loggers, encoder)
{
    public new const string Scheme = "oidc";
    public const string LoginHint = "login_hint";
    private const string Nonce = "nonce";

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Options.AuthorizationEndpoint = (await provider.GetAsync(Context.RequestAborted)).AuthorizationEndpoint;
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        // The properties travel encrypted in the state, and come back only to the browser that holds the correlation cookie.
        var nonce = Secret.New();
        properties.Items[Nonce] = nonce;
        var parameters = new Dictionary<string, string?> { [Nonce] = nonce };
        if (properties.GetParameter<string>(LoginHint) is { Length: > 0 } hint)
            parameters[LoginHint] = hint;
        foreach (var (name, value) in settings.Value.Parameters)
            parameters[name] = value;
        return QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), parameters);
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        // Before anything is sent: a code of another provider's must not reach ours, nor the other way round (RFC 9207).
        var configuration = await provider.GetAsync(Context.RequestAborted);
        var promised = configuration.AdditionalData.TryGetValue("authorization_response_iss_parameter_supported", out var value)
            && string.Equals(value?.ToString(), "true", StringComparison.OrdinalIgnoreCase);
        var issuer = Request.Query["iss"];
        if (issuer.Count > 1 || (issuer.Count == 1 ? issuer[0] != configuration.Issuer : promised))
            return HandleRequestResult.Fail("The answer is not of the identity provider that was asked.");
        return await base.HandleRemoteAuthenticateAsync();
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = context.Code,
            ["redirect_uri"] = context.RedirectUri,
            [OAuthConstants.CodeVerifierKey] = context.Properties.Items[OAuthConstants.CodeVerifierKey]!,
        };
        return await tokenEndpoint.AskAsync(form, Context.RequestAborted) switch
        {
            TokenAnswer.Granted granted => OAuthTokenResponse.Success(granted.Tokens),
            TokenAnswer.Refused refused => OAuthTokenResponse.Failed(new AuthenticationFailureException($"The identity provider refused the code: {refused.Error}.")),
            _ => OAuthTokenResponse.Failed(new ProviderAwayException(settings.Value.Discovery, new HttpRequestException("The token endpoint did not answer."))),
        };
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var granted = new TokenAnswer.Granted(tokens.Response!);
        var claims = granted.IdToken is { } idToken
            ? await validator.ValidateIdTokenAsync(idToken, granted.AccessToken, Context.RequestAborted)
            : null;
        if (claims?.Subject is null)
            throw new AuthenticationFailureException("The identity provider's id token is missing or not valid.");
        if (!Same(claims.Text(Nonce), properties.Items[Nonce]))
            throw new AuthenticationFailureException("The identity provider's id token answers another sign-in.");
        properties.Items.Remove(Nonce);
        var complete = await userInfo.CompleteAsync(claims, granted.AccessToken, Context.RequestAborted)
            ?? throw new ProviderAwayException(settings.Value.Discovery, new HttpRequestException("The userinfo endpoint did not answer."));
        Context.Features.Set(new SignedIn(claimed.Read(complete), claims.ProviderSession, granted.IdToken!, granted.RefreshToken, granted.Lifetime));
        return new(new ClaimsPrincipal(identity), properties, Scheme);
    }

    private static bool Same(string? one, string? other) =>
        one is not null && other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
