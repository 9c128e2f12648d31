using Aigc.Engines.Lifecycle;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Forwarding;
using Aigc.Proxy.Gate;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Waiting;

/// <summary>Holds one request until its engine answers, its time is up, or its sender is gone or signed out. Its body is not touched before.</summary>
public sealed class Hold(
    Visits visits, EngineForwarder forwarder, Seats seats, WaitingPage page, IOptions<WaitingOptions> options,
    IHostApplicationLifetime lifetime, ProxyMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    public async Task ServeAsync(HttpContext context, Admission admission, Caller caller)
    {
        using var timeout = new CancellationTokenSource(options.Value.MaxHold, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token, context.RequestAborted, admission.SignIn.Ended, lifetime.ApplicationStopping);
        try
        {
            if (await ForwardWhenReadyAsync(context, admission, caller, end.Token) is not { } problem)
                return;
            if (problem == Problems.Unreachable && caller.IsNavigation)
                await page.WriteWaitingAsync(context, admission);
            else
                await Problems.Answer(context, problem, EngineWords.Reason(admission.Engine.Route, Language.Of(context.Request)));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !context.Response.HasStarted)
        {
            if (!context.RequestAborted.IsCancellationRequested)
                await Problems.Answer(context, admission.SignIn.Ended.IsCancellationRequested ? Problems.NotSignedIn
                    : timeout.IsCancellationRequested ? Problems.StillStarting : Problems.GatewayStarting);
        }
    }

    /// <summary>Null when the request went through; otherwise what kept it from it.</summary>
    private async Task<Problem?> ForwardWhenReadyAsync(HttpContext context, Admission admission, Caller caller, CancellationToken end)
    {
        long? refusedAt = null;
        while (true)
        {
            end.ThrowIfCancellationRequested();
            if (await WaitForTargetAsync(context, admission, caller, end) is { } problem)
                return problem;
            if (admission.Engine.Target is not { } target)
                continue;
            if (await forwarder.TryForwardAsync(context, admission, target, waited: true))
                return null;
            refusedAt ??= time.GetTimestamp();
            if (time.GetElapsedTime(refusedAt.Value) >= options.Value.ConnectPatience)
                return Problems.Unreachable;
            var changed = admission.Engine.Changed;
            if (caller.Wakes && (await visits.VisitAsync(context, admission, retry: false, end)).Refusal is { } refusal)
                return refusal;
            await Task.WhenAny(changed, Task.Delay(RetryPause, time, end));
        }
    }

    /// <summary>Null when the engine has somewhere to forward to; otherwise what ended the wait.</summary>
    private async Task<Problem?> WaitForTargetAsync(HttpContext context, Admission admission, Caller caller, CancellationToken end)
    {
        var engine = admission.Engine;
        if (engine.Target is not null)
            return null;
        using var seat = seats.TryTake(engine.Id);
        if (seat is null)
            return Problems.TooManyWaiting;
        var began = time.GetTimestamp();
        var generation = 0L;
        var visited = false;
        while (true)
        {
            // The signal first, then the look, then the wait: no change is missed.
            var changed = engine.Changed;
            var route = engine.Route;
            if (engine.Removed)
                return Problems.UnknownEngine;
            if (engine.Target is not null)
            {
                metrics.Waited(time.GetElapsedTime(began));
                return null;
            }
            // Asked once, and again when the engine turned away from waking: then an older wish was in force.
            if (caller.Wakes && (!visited || route.State is EngineState.Asleep or EngineState.Stopping or EngineState.Ready))
            {
                var visit = await visits.VisitAsync(context, admission, retry: false, end);
                if (visit.Refusal is not null)
                    return visit.Refusal;
                visited = visit.Answer is not null;
                generation = visit.Answer?.Generation ?? generation;
                if (visit.Answer is { State: EngineState.Failed })
                    return Problems.Failed;
            }
            if (route.State == EngineState.Failed && route.Generation >= generation)
                return Problems.Failed;
            await (visited || !caller.Wakes ? changed.WaitAsync(end) : Task.WhenAny(changed, Task.Delay(RetryPause, time, end)));
            end.ThrowIfCancellationRequested();
        }
    }
}
