using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.HandOff;

namespace Aigc.Proxy.Waiting;

/// <summary>The button on the page of an engine that failed.</summary>
public sealed class WakeAgain(Visits visits, OwnPage own)
{
    public async Task ServeAsync(HttpContext context, Admission admission)
    {
        if (!own.Sent(context.Request, admission))
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
}
