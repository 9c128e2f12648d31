using Aigc.DevIdentity.Signing;
using Microsoft.Extensions.Options;

namespace Aigc.DevIdentity.Discovery;

internal static class DiscoveryEndpoints
{
    public static void MapDiscovery(this WebApplication app)
    {
        app.MapGet("/.well-known/openid-configuration", Configuration);
        app.MapGet("/jwks", (SigningKey key) => new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = key.Id, e = key.Exponent, n = key.Modulus } },
        });
    }

    private static object Configuration(HttpRequest request, IOptions<DevIdentityOptions> options)
    {
        // People go through the issuer's address; services stay on the address they asked, without a detour through the gateway.
        string issuer = options.Value.IssuerFor(request), here = DevIdentityOptionsExtensions.AddressOf(request);
        return new
        {
            issuer,
            authorization_endpoint = $"{issuer}/authorize",
            end_session_endpoint = $"{issuer}/end_session",
            token_endpoint = $"{here}/token",
            jwks_uri = $"{here}/jwks",
            userinfo_endpoint = $"{here}/userinfo",
            response_types_supported = new[] { "code" },
            response_modes_supported = new[] { "query" },
            grant_types_supported = new[] { "authorization_code", "refresh_token", "client_credentials" },
            token_endpoint_auth_methods_supported = new[] { "client_secret_basic", "client_secret_post" },
            code_challenge_methods_supported = new[] { "S256" },
            prompt_values_supported = new[] { "none", "login", "select_account" },
            scopes_supported = new[] { "openid", "profile", "email", "groups", "roles", "offline_access" },
            claims_supported = new[] { "iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "at_hash", "name", "preferred_username", "email", "groups", "roles" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
            authorization_response_iss_parameter_supported = true,
        };
    }
}
