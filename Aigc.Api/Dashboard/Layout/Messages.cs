using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Aigc.Api.Dashboard.Layout;

/// <summary>One sentence on what came of a form.</summary>
/// <param name="Secret">A new token, on its only way to its owner.</param>
public sealed record Message(string Words, bool Failed = false, string? Secret = null);

/// <summary>Carries a message over the redirect after a form, encrypted, in a cookie that is read once.</summary>
public static class Messages
{
    private const string Cookie = "aigc-message";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public static void Leave(HttpContext context, Message message) =>
        context.Response.Cookies.Append(
            Cookie, Protector(context).Protect(JsonSerializer.Serialize(message), Lifetime),
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = Lifetime, IsEssential = true });

    public static Message? Take(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { } cookie || context.Response.HasStarted)
            return null;
        context.Response.Cookies.Delete(Cookie);
        try
        {
            return JsonSerializer.Deserialize<Message>(Protector(context).Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            // Too old, or another server's: a message lost, nothing more.
            return null;
        }
    }

    private static ITimeLimitedDataProtector Protector(HttpContext context) =>
        context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("dashboard message").ToTimeLimitedDataProtector();
}
