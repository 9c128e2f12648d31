using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Pages;

/// <summary>What every answer says about itself to browsers.</summary>
public static class SecurityHeaders
{
    // No script and no style but our own files: what a hostile name smuggles into a page cannot run.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app)
    {
        var secure = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.PublicUrl.Scheme == Uri.UriSchemeHttps;
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (secure)
                headers.StrictTransportSecurity = "max-age=31536000";
            return next(context);
        });
    }
}
