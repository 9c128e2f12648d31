using Aigc.Engines.Templates;

namespace Aigc.Engines.Lifecycle;

/// <summary>All transitions of an engine, as one pure function: no I/O and no clock.</summary>
public static class Reconciler
{
    /// <summary>How often a starting engine is asked whether it is ready; more often in the beginning, when the quick ones are.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstProbeInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>How often a start that waits for something outside of it is looked at, besides when that changes.</summary>
    public static readonly TimeSpan WaitingInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often a stop that has not worked yet is tried again.</summary>
    public static readonly TimeSpan StopRetry = TimeSpan.FromSeconds(1);

    /// <summary>An engine that crashes after it was ready this long is started again; one that crashes sooner has failed.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long compute may wait for a machine: longer than an autoscaler takes, and than most people's patience.</summary>
    public static readonly TimeSpan PlacementTimeout = TimeSpan.FromMinutes(30);

    public static Decision Next(Engine engine, Observed observed, Template template, DateTimeOffset now) => engine.Desired switch
    {
        Desired.Deleted => Unwanted(engine, observed, template, now, EngineState.Deleting, new(Step.Remove, EngineState.Deleting, engine.DesiredReason)),
        Desired.Asleep => Unwanted(engine, observed, template, now, EngineState.Stopping, new(Step.None, EngineState.Asleep, engine.DesiredReason)),
        _ => Wanted(engine, observed, template, now),
    };

    private static Decision Unwanted(
        Engine engine, Observed observed, Template template, DateTimeOffset now, EngineState meanwhile, Decision atRest) => observed.Phase switch
        {
            ComputePhase.Pending or ComputePhase.Running => new(Step.Stop, meanwhile, engine.DesiredReason, StopRetry),
            ComputePhase.Stopping => Stopping(observed, template, now, meanwhile, IsLost(observed) ? observed.Waiting! : engine.DesiredReason),
            ComputePhase.Exited => new(Step.Release, meanwhile, engine.DesiredReason, TimeSpan.Zero),
            _ => atRest,
        };

    private static Decision Wanted(Engine engine, Observed observed, Template template, DateTimeOffset now) => observed.Phase switch
    {
        ComputePhase.None when HasFailed(engine) => new(Step.None, EngineState.Failed, engine.Reason),
        ComputePhase.None when observed.Place > 0 => new(Step.None, EngineState.Queued, new(Reasons.Queued, observed.Queue ?? $"{observed.Place}")),
        ComputePhase.None => new(Step.Start, EngineState.Starting, new(Reasons.Starting), TimeSpan.Zero),
        ComputePhase.Pending or ComputePhase.Running when Unfit(engine, observed) is { } stop => stop,
        ComputePhase.Pending => Pending(observed, now),
        ComputePhase.Running => Running(observed, template, now),
        ComputePhase.Stopping when HasFailed(engine) => Stopping(observed, template, now, EngineState.Failed, engine.Reason),
        ComputePhase.Stopping => Stopping(observed, template, now, EngineState.Stopping, observed.Waiting ?? new(Reasons.StoppingToWake)),
        _ => Exited(engine, observed, now),
    };

    /// <summary>A failed start, or compute from before a restart, makes room first.</summary>
    private static Decision? Unfit(Engine engine, Observed observed) =>
        HasFailed(engine) ? new(Step.Stop, EngineState.Failed, engine.Reason, StopRetry)
        : observed.Generation < engine.RestartGeneration ? new(Step.Stop, EngineState.Stopping, new(Reasons.StoppingToWake), StopRetry)
        : observed.Failure is { } failure ? new(Step.Stop, EngineState.Failed, failure, StopRetry)
        : null;

    private static Decision Pending(Observed observed, DateTimeOffset now)
    {
        var waiting = observed.Waiting ?? new(Reasons.Placing);
        var left = observed.PhaseSince + PlacementTimeout - now;
        return left <= TimeSpan.Zero
            ? new(Step.Stop, EngineState.Failed, InVain(waiting), StopRetry)
            : new(Step.None, EngineState.Queued, waiting, left);
    }

    private static Decision Running(Observed observed, Template template, DateTimeOffset now)
    {
        // It may be well and at work. Nobody can tell before the machine answers, or the cluster gives it up.
        if (IsLost(observed))
            return new(Step.None, EngineState.Starting, observed.Waiting!);
        if (observed.EverReady)
            return new(Step.None, EngineState.Ready, new(Reasons.Ready));
        var deadline = observed.PhaseSince + template.StartTimeout;
        var left = deadline - now;
        // Where nobody could ask for a while, it may have been ready long ago: it is asked once more.
        if (left <= TimeSpan.Zero && (observed.Waiting is not null || observed.ProbedAt >= deadline))
        {
            var reason = observed.Waiting is { } missed ? InVain(missed) : new(observed.Listening ? Reasons.NeverReady : Reasons.NeverListened, observed.Detail);
            return new(Step.Stop, EngineState.Failed, reason, StopRetry);
        }

        if (observed.Waiting is { } waiting)
            return new(Step.None, EngineState.Starting, waiting, left < WaitingInterval ? left : WaitingInterval);
        return new(Step.Probe, EngineState.Starting, new(observed.Listening ? Reasons.Loading : Reasons.Starting), ProbeAgain(now - observed.PhaseSince));
    }

    private static TimeSpan ProbeAgain(TimeSpan running) =>
        running / 10 < FirstProbeInterval ? FirstProbeInterval : running / 10 < ProbeInterval ? running / 10 : ProbeInterval;

    /// <summary>What was waited for says why it failed; where it only says that all was well, there is another word.</summary>
    private static Reason InVain(Reason waiting) => waiting.Code switch
    {
        Reasons.Placing => new(Reasons.NeverPlaced),
        Reasons.Fetching or Reasons.Pulling or Reasons.Unpacked => new(Reasons.NeverFetched),
        _ => waiting,
    };

    private static Decision Exited(Engine engine, Observed observed, DateTimeOffset now)
    {
        if (HasFailed(engine))
            return new(Step.Release, EngineState.Failed, engine.Reason, TimeSpan.Zero);
        if (observed.Generation < engine.RestartGeneration || engine.State is EngineState.Stopping || observed.Waiting is not null)
            return new(Step.Release, EngineState.Starting, new(Reasons.Starting), TimeSpan.Zero);
        if (engine.ReadyAt is { } ready && now - ready >= StableAfter)
            return new(Step.Release, EngineState.Starting, new(Reasons.CrashedRestarting, observed.Detail), TimeSpan.Zero);
        // What ended was started for an older wish, and stopped because of it: a worker that died after noting so may have left it unreleased.
        return observed.Generation < engine.Generation
            ? new(Step.Release, EngineState.Starting, new(Reasons.Starting), TimeSpan.Zero)
            : new(Step.Release, EngineState.Failed, new(observed.Failure?.Code ?? Reasons.Exited, observed.Detail), TimeSpan.Zero);
    }

    private static Decision Stopping(Observed observed, Template template, DateTimeOffset now, EngineState state, Reason reason)
    {
        var left = observed.PhaseSince + template.StopTimeout - now;
        return left <= TimeSpan.Zero
            ? new(Step.Kill, state, reason, StopRetry)
            : new(Step.None, state, reason, left);
    }

    private static bool IsLost(Observed observed) => observed.Waiting is { Code: Reasons.MachineGone };

    /// <summary>Failed for what is asked now. Asking anew (a higher generation) is the way out.</summary>
    private static bool HasFailed(Engine engine) =>
        engine.State == EngineState.Failed && engine.ObservedGeneration == engine.Generation;
}
