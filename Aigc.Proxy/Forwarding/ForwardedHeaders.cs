namespace Aigc.Proxy.Forwarding;

/// <summary>Says who asked, in our words only.</summary>
public static class ForwardedHeaders
{
    public static void Set(HttpContext context, HttpRequestMessage request, string scheme)
    {
        var headers = request.Headers;
        ForeignHeaders.Drop(headers);
        if (context.Connection.RemoteIpAddress is { } address)
            headers.TryAddWithoutValidation("X-Forwarded-For", address.ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Proto", scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
    }
}
