using Aigc.Engines.Lifecycle;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;

namespace Aigc.Proxy.Waiting;

/// <summary>Where requests go whose engine is not there yet: people get a page, programs are held until it is.</summary>
public sealed class WaitingRoom(Visits visits, Hold hold, WaitingPage page)
{
    /// <param name="unreachable">The engine was said to be ready, and did not accept the connection.</param>
    public Task ServeAsync(HttpContext context, Admission admission, bool unreachable)
    {
        if (!admission.MayUse)
            return Problems.Answer(context, Problems.OwnerWakes);
        var caller = Caller.Of(context.Request);
        if (unreachable || (caller.Wakes && !caller.IsNavigation))
            return hold.ServeAsync(context, admission, caller);
        return caller.IsNavigation
            ? WelcomeAsync(context, admission)
            : Problems.Answer(context, Problems.Asleep, EngineWords.Reason(admission.Engine.Route, Language.Of(context.Request)));
    }

    private async Task WelcomeAsync(HttpContext context, Admission admission)
    {
        var visit = await visits.VisitAsync(context, admission, retry: false, context.RequestAborted);
        if (visit.Refusal is { } refusal)
            await Problems.Answer(context, refusal);
        else if (admission.Engine.Route.State == EngineState.Failed && visit.Answer is null or { State: EngineState.Failed })
            await page.WriteFailedAsync(context, admission);
        else
            await page.WriteWaitingAsync(context, admission);
    }
}
