namespace Aigc.DemoEngine.Startup;

/// <summary>
/// ComfyUI's protection against other web sites that post to an engine on one's own machine:
/// whatever a browser marks as cross-site, or sends from an origin other than the host it asks, is refused.
/// </summary>
internal static class SameOrigin
{
    public static void UseSameOriginOnly(this WebApplication app) => app.Use((context, next) =>
    {
        if (IsSameOrigin(context.Request))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new { detail = "Requests from another origin are refused." }, context.RequestAborted);
    });

    private static bool IsSameOrigin(HttpRequest request)
    {
        if (string.Equals(request.Headers["Sec-Fetch-Site"], "cross-site", StringComparison.OrdinalIgnoreCase))
            return false;
        if (request.Headers.Origin is not [{ Length: > 0 } origin])
            return request.Headers.Origin.Count == 0;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && string.Equals(uri.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && uri.Port == (request.Host.Port ?? uri.Port);
    }
}
