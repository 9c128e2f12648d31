namespace Aigc.Proxy.Gate;

/// <summary>
/// Tells what pages of other origins ask for in their visitor's name. Cookies do not keep them off: the hosts of all
/// engines are one site to browsers, and one engine's page may send what it likes to another's.
/// </summary>
public static class CrossSite
{
    /// <summary>Whether another origin's page is behind the request. One that opens a page in a window of its own may come from anywhere.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [var site, ..])
            return site is not ("same-origin" or "none") && !OpensPage(request);
        // Browsers say nothing of sites over plain http, but who sends a form or opens a WebSocket they do say.
        return request.Headers.Origin is [var origin, ..] && !IsOf(request.Host, origin);
    }

    private static bool OpensPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"].ToString() is "document" or "";

    // The port does not count: who is before this gateway may have changed it.
    private static bool IsOf(HostString host, string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.IdnHost.Equals(host.Host, StringComparison.OrdinalIgnoreCase);
}
