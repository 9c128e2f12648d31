using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Aigc.Api.SigningIn;

/// <summary>Checks the provider's tokens: issuer, audience, signature, algorithm, lifetime.</summary>
public sealed partial class TokenValidator(Provider provider, IOptions<IdentityOptions> options, ILogger<TokenValidator> logger)
{
    /// <summary>Far above any real token, and no burden to refuse.</summary>
    private const int LongestToken = 16 * 1024;

    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JwtSecurityTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    /// <summary>Signed, three parts, of bearable length. Encrypted tokens (five parts) never reach the library, which would inflate them unbounded.</summary>
    public static bool LooksLikeJwt(string token) => token.Length <= LongestToken && token.AsSpan().Count('.') == 2;

    /// <summary>The claims of an id token, meant for this gateway as a client.</summary>
    public Task<ClaimsIdentity?> ValidateIdTokenAsync(string token, CancellationToken cancellationToken) =>
        ValidateAsync(token, [options.Value.ClientId], cancellationToken);

    /// <summary>The claims of a token that a program presents to this API.</summary>
    public Task<ClaimsIdentity?> ValidateBearerAsync(string token, CancellationToken cancellationToken) =>
        ValidateAsync(token, [options.Value.Audience, options.Value.ClientId], cancellationToken);

    private async Task<ClaimsIdentity?> ValidateAsync(string token, string[] audiences, CancellationToken cancellationToken)
    {
        if (!LooksLikeJwt(token))
            return null;
        var configuration = await provider.GetAsync(cancellationToken);
        try
        {
            _handler.ValidateToken(token, new TokenValidationParameters
            {
                ValidIssuer = configuration.Issuer,
                ValidAudiences = audiences,
                IssuerSigningKeys = configuration.SigningKeys,
                ValidAlgorithms = Algorithms,
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = TimeSpan.FromMinutes(1),
            }, out var validated);
            return new ClaimsIdentity(((JwtSecurityToken)validated).Claims, "provider");
        }
        catch (SecurityTokenSignatureKeyNotFoundException error)
        {
            provider.Refresh();
            Log.Refused(logger, error);
        }
        catch (Exception error) when (error is SecurityTokenException or ArgumentException)
        {
            Log.Refused(logger, error);
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A token of the identity provider was refused.")]
        public static partial void Refused(ILogger logger, Exception error);
    }
}
