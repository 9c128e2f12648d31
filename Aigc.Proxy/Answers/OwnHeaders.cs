using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Answers;

/// <summary>What every answer of the gateway's own says to browsers. An engine's answers say what the engine wants.</summary>
public static class OwnHeaders
{
    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value.PublicUrl.Scheme == Uri.UriSchemeHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
    }
}
