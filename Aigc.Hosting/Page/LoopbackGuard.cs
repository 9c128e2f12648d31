using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Page;

/// <summary>
/// The page has no sign-in, so only this machine's own browser pages may use it: a foreign name in <c>Host</c> is
/// DNS rebinding, a foreign <c>Origin</c> on a POST is another site's form.
/// </summary>
internal static class LoopbackGuard
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (Loopback.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase) && (HttpMethods.IsGet(context.Request.Method) || IsSameOrigin(context.Request)))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Only this page itself may do that, on this machine.", context.RequestAborted);
    }

    // Programs send neither header; browsers always send Origin with a POST.
    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return (site.Length == 0 || site is "same-origin" or "none")
            && (origin.Length == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }
}
