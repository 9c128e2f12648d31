using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Gate;

/// <summary>Whether a form was sent from the engine's own host.</summary>
public sealed class OwnPage(IOptions<GatewayOptions> options)
{
    /// <summary>A token is sent on purpose; a cookie is sent by any page, so the browser must vouch for where the form was.</summary>
    public bool Sent(HttpRequest request, Admission admission)
    {
        if (request.Headers["Sec-Fetch-Site"] is [var site, ..])
            return site == "same-origin";
        if (request.Headers.Origin is [var origin, ..])
            return string.Equals(origin, $"{options.Value.PublicUrl.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        return admission.ByToken;
    }
}
