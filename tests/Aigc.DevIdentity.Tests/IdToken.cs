using System.IdentityModel.Tokens.Jwt;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Aigc.DevIdentity.Tests;

/// <summary>Checks tokens with the library that ASP.NET Core's OpenID Connect handlers use.</summary>
internal static class IdToken
{
    /// <summary>Signature, issuer, audience, lifetime, nonce and at_hash.</summary>
    public static async Task<JwtSecurityToken> CheckAsync(Provider provider, JsonObject tokens, string nonce)
    {
        var token = Validate(await provider.DiscoverAsync(), (string)tokens["id_token"]!, "aigc");
        new OpenIdConnectProtocolValidator().ValidateTokenResponse(new()
        {
            ClientId = "aigc",
            Nonce = nonce,
            ValidatedIdToken = token,
            ProtocolMessage = new() { IdToken = (string?)tokens["id_token"], AccessToken = (string?)tokens["access_token"] },
        });
        return token;
    }

    public static JwtSecurityToken Validate(OpenIdConnectConfiguration discovered, string token, string audience)
    {
        new JwtSecurityTokenHandler().ValidateToken(token, new()
        {
            ValidIssuer = discovered.Issuer,
            ValidAudience = audience,
            IssuerSigningKeys = discovered.SigningKeys,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromSeconds(5),
        }, out var validated);
        return (JwtSecurityToken)validated;
    }
}
