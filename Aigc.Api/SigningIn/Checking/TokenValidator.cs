using System.Buffers.Text;
using System.IdentityModel.Tokens.Jwt;
using System.Security.Cryptography;
using System.Text;
using Aigc.Api.SigningIn.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Aigc.Api.SigningIn.Checking;

/// <summary>Checks the provider's tokens: form, issuer, audience, signature, algorithm, key, lifetime.</summary>
public sealed partial class TokenValidator(Provider provider, IOptions<IdentityOptions> options, TimeProvider time, ILogger<TokenValidator> logger)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private readonly JwtSecurityTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = SignedToken.Longest };
    private readonly IdentityOptions _options = options.Value;

    /// <summary>The claims of an id token, meant for this gateway as a client.</summary>
    /// <param name="accessToken">What came with it, for <c>at_hash</c>.</param>
    public async Task<ProviderClaims?> ValidateIdTokenAsync(string idToken, string? accessToken, CancellationToken cancellationToken) =>
        await ValidateAsync(idToken, TokenUse.Id, cancellationToken) is { } token && FitsAccessToken(token, accessToken) ? new(token.Payload) : null;

    /// <summary>The claims of a token that a program presents to this API.</summary>
    public async Task<(ProviderClaims Claims, DateTimeOffset ExpiresAt)?> ValidateBearerAsync(string bearer, CancellationToken cancellationToken) =>
        await ValidateAsync(bearer, TokenUse.Bearer, cancellationToken) is { } token
            ? (new(token.Payload), DateTimeOffset.FromUnixTimeSeconds(token.Time("exp")!.Value))
            : null;

    /// <summary>A logout token, as far as it is like the others.</summary>
    public Task<SignedToken?> ValidateLogoutTokenAsync(string logoutToken, CancellationToken cancellationToken) =>
        ValidateAsync(logoutToken, TokenUse.Logout, cancellationToken);

    private async Task<SignedToken?> ValidateAsync(string text, TokenUse use, CancellationToken cancellationToken)
    {
        if (SignedToken.Parse(text) is not { } token || !VerificationKeys.Algorithms.Contains(token.Algorithm) || !use.Types.Contains(token.Type ?? "", StringComparer.OrdinalIgnoreCase))
        {
            Log.Unfit(logger);
            return null;
        }

        var configuration = await provider.GetAsync(cancellationToken);
        var keys = VerificationKeys.For(token, configuration.JsonWebKeySet);
        if (keys.Count == 0)
        {
            // Signed with a key that is newer than what we have read, or with none of the provider's.
            configuration = await provider.ReadAgainAsync(configuration, cancellationToken);
            keys = VerificationKeys.For(token, configuration.JsonWebKeySet);
        }

        var supported = configuration.IdTokenSigningAlgValuesSupported;
        if (keys.Count == 0 || (use != TokenUse.Bearer && supported.Count > 0 && !supported.Contains(token.Algorithm)))
        {
            Log.NoKey(logger, token.Algorithm);
            return null;
        }

        return IsGood(text, token, keys, configuration, use) ? token : null;
    }

    private bool IsGood(string text, SignedToken token, IReadOnlyList<SecurityKey> keys, OpenIdConnectConfiguration configuration, TokenUse use)
    {
        try
        {
            _handler.ValidateToken(text, new TokenValidationParameters
            {
                ValidIssuer = configuration.Issuer,
                ValidAudiences = use == TokenUse.Bearer ? [_options.Audience, _options.ClientId] : [_options.ClientId],
                IssuerSigningKeys = keys,
                ValidAlgorithms = [token.Algorithm],
                RequireExpirationTime = use != TokenUse.Logout,
                RequireSignedTokens = true,
                ClockSkew = Skew,
            }, out _);
        }
        catch (Exception error) when (error is SecurityTokenException or ArgumentException or CryptographicException)
        {
            Log.Refused(logger, error);
            return false;
        }

        var good = token.Time("iat") is not { } issued || issued <= (time.GetUtcNow() + Skew).ToUnixTimeSeconds();
        // Whoever says that somebody signed out must not be taken to say who somebody is.
        good &= use == TokenUse.Logout || !token.Payload.TryGetProperty("events", out _);
        good &= use != TokenUse.Id || IsForUsAlone(token);
        if (!good)
            Log.Unfit(logger);
        return good;
    }

    /// <summary>Of several audiences one is us; then the token must say that it was issued to us.</summary>
    private bool IsForUsAlone(SignedToken token) =>
        token.Text("azp") is { } party ? party == _options.ClientId : token.Audiences.Count == 1;

    private static bool FitsAccessToken(SignedToken idToken, string? accessToken)
    {
        if (idToken.Text("at_hash") is not { } expected || accessToken is null)
            return true;
        var bytes = Encoding.ASCII.GetBytes(accessToken);
        var hash = idToken.Algorithm[2..] switch { "256" => SHA256.HashData(bytes), "384" => SHA384.HashData(bytes), _ => SHA512.HashData(bytes) };
        return Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2)) == expected;
    }

    /// <param name="Types">The header <c>typ</c>, or nothing.</param>
    private sealed record TokenUse(params string[] Types)
    {
        public static readonly TokenUse Id = new("", "JWT");
        public static readonly TokenUse Bearer = new("", "JWT", "at+jwt", "application/at+jwt");
        public static readonly TokenUse Logout = new("", "JWT", "logout+jwt", "application/logout+jwt");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A token of the identity provider was refused.")]
        public static partial void Refused(ILogger logger, Exception error);

        [LoggerMessage(2, LogLevel.Information, "A token of the identity provider was refused: it is not of a form that is taken here, or not for this use.")]
        public static partial void Unfit(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "A token of the identity provider was refused: none of its keys is for {Algorithm} and this token.")]
        public static partial void NoKey(ILogger logger, string algorithm);
    }
}
