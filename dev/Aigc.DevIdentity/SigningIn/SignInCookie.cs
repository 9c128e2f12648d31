using System.Text.Json.Nodes;
using Aigc.DevIdentity.Signing;
using Aigc.DevIdentity.Users;

namespace Aigc.DevIdentity.SigningIn;

internal sealed record SignIn(User User, DateTimeOffset At);

/// <summary>Who is signed in at this provider: a signed token in a cookie, so a restart signs nobody out.</summary>
internal static class SignInCookie
{
    private const string Name = "aigc-dev-identity";
    private const string TokenType = "sign-in";

    public static SignIn? Read(HttpRequest request, Jwt jwt, UserDirectory users) =>
        jwt.Read(request.Cookies[Name], TokenType) is { } claims && users.Find((string?)claims["sub"]) is { } user
            ? new(user, DateTimeOffset.FromUnixTimeSeconds((long)claims["auth_time"]!))
            : null;

    public static void Write(HttpResponse response, Jwt jwt, SignIn signIn)
    {
        var claims = new JsonObject { ["sub"] = signIn.User.Name, ["auth_time"] = signIn.At.ToUnixTimeSeconds() };
        response.Cookies.Append(Name, jwt.Write(TokenType, claims), Options(response));
    }

    public static void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options(response));

    private static CookieOptions Options(HttpResponse response) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = response.HttpContext.Request.IsHttps,
        Path = "/identity",
    };
}
