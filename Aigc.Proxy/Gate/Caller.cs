namespace Aigc.Proxy.Gate;

/// <summary>Who is behind a request, as far as its headers tell, and so what an answer looks like and whether it may wake an engine.</summary>
/// <param name="IsNavigation">A person looks at the answer as a page.</param>
/// <param name="Wakes">False for what a page does by itself: tabs that poll and reconnect must not keep a GPU.</param>
public readonly record struct Caller(bool IsNavigation, bool Wakes)
{
    public static Caller Of(HttpRequest request)
    {
        var headers = request.Headers;
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var mode = headers["Sec-Fetch-Mode"].ToString();
        if (mode.Length > 0)
        {
            var navigates = reads && mode == "navigate";
            return new(navigates, Wakes: navigates || (!reads && mode != "websocket" && !IsWebSocket(request)));
        }
        var page = reads && headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        return new(page && !IsWebSocket(request), Wakes: true);
    }

    public static bool IsWebSocket(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method) || request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
}
