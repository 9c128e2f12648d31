using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aigc.DevIdentity.Signing;
using Aigc.DevIdentity.Users;

namespace Aigc.DevIdentity.Tokens;

internal sealed class TokenWriter(Jwt jwt, TimeProvider time)
{
    public const string IdTokenType = "JWT";
    public const string AccessTokenType = "at+jwt";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public string AccessToken(string issuer, Grant grant)
    {
        var user = grant.SignIn.User;
        var claims = Claims(issuer, "aigc-api", user.Name);
        (claims["client_id"], claims["scope"], claims["name"]) = (grant.ClientId, grant.Scope, user.Name);
        AddMemberships(claims, user);
        return jwt.Write(AccessTokenType, claims);
    }

    public string ClientAccessToken(string issuer, string clientId, string scope)
    {
        var claims = Claims(issuer, "aigc-api", clientId);
        (claims["client_id"], claims["scope"]) = (clientId, scope);
        return jwt.Write(AccessTokenType, claims);
    }

    public string IdToken(string issuer, Grant grant, string accessToken)
    {
        var claims = Claims(issuer, grant.ClientId, grant.SignIn.User.Name);
        claims["auth_time"] = grant.SignIn.At.ToUnixTimeSeconds();
        claims["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16));
        if (grant.Nonce is { } nonce)
            claims["nonce"] = nonce;
        AddPerson(claims, grant.SignIn.User);
        return jwt.Write(IdTokenType, claims);
    }

    public static void AddPerson(JsonObject claims, User user)
    {
        (claims["name"], claims["preferred_username"], claims["email"]) = (user.Name, user.Name, user.Email);
        AddMemberships(claims, user);
    }

    private static void AddMemberships(JsonObject claims, User user)
    {
        claims["groups"] = new JsonArray([.. user.Groups.Select(g => JsonValue.Create(g))]);
        claims["roles"] = new JsonArray([.. user.Roles.Select(r => JsonValue.Create(r))]);
    }

    private JsonObject Claims(string issuer, string audience, string subject)
    {
        var now = time.GetUtcNow();
        return new()
        {
            ["iss"] = issuer,
            ["sub"] = subject,
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["jti"] = Secret.New(),
        };
    }
}
