namespace Aigc.Proxy.HandOff;

/// <summary>Where somebody was going: an address on the same host, never another one.</summary>
public static class ReturnUrl
{
    private const int MaxLength = 4_096;

    public static string Of(HttpRequest request)
    {
        var url = request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        return Local(url);
    }

    /// <summary>The address if it stays on this host, else <c>/</c>.</summary>
    public static string Local(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && url.Length <= MaxLength && !url.AsSpan().ContainsAnyExceptInRange('!', '~') && !url.Contains('\\') ? url : "/";
}
