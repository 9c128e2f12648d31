using Aigc.Engines.Gateway;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.HandOff;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Waiting;

/// <summary>The button on the page of an engine that failed.</summary>
public sealed class WakeAgain(Visits visits, IOptions<GatewayOptions> options)
{
    public async Task ServeAsync(HttpContext context, Admission admission)
    {
        if (!IsOwnPage(context.Request, admission))
        {
            await Problems.Answer(context, Problems.CrossSite);
            return;
        }
        var visit = await visits.VisitAsync(context, admission, retry: true, context.RequestAborted);
        if ((visit.Refusal ?? (visit.Answer is null ? Problems.GatewayStarting : null)) is { } problem)
        {
            await Problems.Answer(context, problem);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = ReturnUrl.Local(context.Request.Query["returnUrl"]);
    }

    /// <summary>A token is sent on purpose; a cookie is sent by any page, so the browser must vouch for where the form was.</summary>
    private bool IsOwnPage(HttpRequest request, Admission admission)
    {
        if (request.Headers["Sec-Fetch-Site"] is [var site, ..])
            return site == "same-origin";
        if (request.Headers.Origin is [var origin, ..])
            return string.Equals(origin, $"{options.Value.PublicUrl.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        return admission.ByToken;
    }
}
