using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aigc.DevIdentity.Signing;
using Aigc.DevIdentity.Users;
using Microsoft.Extensions.Options;

namespace Aigc.DevIdentity.Tokens;

internal static class TokenEndpoints
{
    public static void MapTokens(this WebApplication app)
    {
        app.MapPost("/token", TokenAsync);
        app.MapMethods("/userinfo", ["GET", "POST"], UserInfo);
    }

    private static async Task<IResult> TokenAsync(
        HttpRequest request, IOptions<DevIdentityOptions> options, CodeStore codes, RefreshStore refreshes, TokenWriter writer)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (!request.HasFormContentType)
            return Error("invalid_request", "The body must be a form.");
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (!ClientCredentials.AreValid(request, form, options.Value))
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"Aigc.DevIdentity\"";
            return Error("invalid_client", "The client or its secret is wrong.", StatusCodes.Status401Unauthorized);
        }
        var issuer = options.Value.IssuerFor(request);
        return form["grant_type"].ToString() switch
        {
            "authorization_code" => RedeemCode(form, issuer, codes, refreshes, writer),
            "refresh_token" => refreshes.Rotate(form["refresh_token"].ToString()) is var (token, grant)
                ? Answer(writer, issuer, grant, token)
                : Error("invalid_grant", "The refresh token is unknown, or was used before."),
            "client_credentials" => Results.Ok(new JsonObject
            {
                ["access_token"] = writer.ClientAccessToken(issuer, options.Value.ClientId, form["scope"].ToString()),
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)TokenWriter.Lifetime.TotalSeconds,
            }),
            _ => Error("unsupported_grant_type", "grant_type must be authorization_code, refresh_token or client_credentials."),
        };
    }

    private static IResult RedeemCode(IFormCollection form, string issuer, CodeStore codes, RefreshStore refreshes, TokenWriter writer)
    {
        var code = form["code"].ToString();
        var family = Secret.FamilyOf(code);
        if (codes.Redeem(code) is not { } grant)
        {
            // A code that comes twice was seen by somebody else: what it gave the first time is taken back.
            refreshes.Revoke(family);
            return Error("invalid_grant", "The code is unknown, expired, or was used before.");
        }
        if (form["redirect_uri"] != grant.RedirectUri)
            return Error("invalid_grant", "The redirect_uri is not the one the code was issued for.");
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (challenge != grant.Challenge)
            return Error("invalid_grant", "The code_verifier does not match the code_challenge.");
        return Answer(writer, issuer, grant, refreshes.Start(family, grant));
    }

    private static IResult Answer(TokenWriter writer, string issuer, Grant grant, string refreshToken)
    {
        var accessToken = writer.AccessToken(issuer, grant);
        return Results.Ok(new JsonObject
        {
            ["access_token"] = accessToken,
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)TokenWriter.Lifetime.TotalSeconds,
            ["refresh_token"] = refreshToken,
            ["id_token"] = writer.IdToken(issuer, grant, accessToken),
            ["scope"] = grant.Scope,
        });
    }

    private static IResult UserInfo(HttpRequest request, Jwt jwt, UserDirectory users, TimeProvider time)
    {
        var claims = AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme == "Bearer"
            ? jwt.Read(header.Parameter, TokenWriter.AccessTokenType)
            : null;
        if (claims is null || (long)claims["exp"]! <= time.GetUtcNow().ToUnixTimeSeconds() || users.Find((string?)claims["sub"]) is not { } user)
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Error("invalid_token", "The access token is missing, expired, or not of a person.", StatusCodes.Status401Unauthorized);
        }
        var answer = new JsonObject { ["sub"] = user.Name };
        TokenWriter.AddPerson(answer, user);
        return Results.Ok(answer);
    }

    private static IResult Error(string error, string description, int status = StatusCodes.Status400BadRequest) =>
        Results.Json(new { error, error_description = description }, statusCode: status);
}
