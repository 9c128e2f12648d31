using System.Collections.Concurrent;
using System.Diagnostics;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Waking;

/// <summary>
/// Follows engines from the wish to be awake until they are, as spans and measurements. A wake takes many looks of the reconciler;
/// its spans are made from the moments at which the state changed. One engine is looked at by one task at a time.
/// </summary>
public sealed class Wakes(WorkerMetrics metrics, TimeProvider time)
{
    private readonly ConcurrentDictionary<EngineId, Wake> _wakes = new();

    /// <summary>Begins, continues or cancels the engine's wake. Call it at the begin of a look: logs and calls made in it belong to the wake's trace.</summary>
    public void Enter(Engine engine)
    {
        metrics.Saw(engine.Id, engine.State);
        // Nobody waits for it.
        if (engine.IsSpare)
            return;
        _wakes.TryGetValue(engine.Id, out var wake);
        if (wake is not null && (engine.Desired != Desired.Awake || wake.Generation != engine.Generation))
        {
            wake.End("cancelled", null, time.GetUtcNow());
            _wakes.TryRemove(engine.Id, out _);
            wake = null;
        }
        if (wake is null && engine.Desired == Desired.Awake && !IsAtRest(engine))
            wake = _wakes[engine.Id] = Begin(engine);
        if (wake?.Span is { } span)
            Activity.Current = span;
    }

    /// <summary>The engine's state was written, or found to be as it was.</summary>
    public void Note(Engine engine)
    {
        metrics.Saw(engine.Id, engine.State);
        if (engine.IsSpare || engine.Desired != Desired.Awake || engine.ObservedGeneration != engine.Generation)
            return;
        if (!_wakes.TryGetValue(engine.Id, out var wake))
        {
            // It crashed after having been ready: it starts again without anybody asking.
            if (IsAtRest(engine))
                return;
            wake = _wakes[engine.Id] = Begin(engine);
        }
        var now = time.GetUtcNow();
        if (!IsAtRest(engine))
        {
            wake.Enter(PhaseOf(engine), now);
            return;
        }
        var failed = engine.State == EngineState.Failed;
        wake.End(failed ? "failed" : "ready", failed ? engine.Reason.Code : null, now);
        _wakes.TryRemove(engine.Id, out _);
    }

    /// <summary>The engine is gone.</summary>
    public void Forget(EngineId engine)
    {
        metrics.Forget(engine);
        if (_wakes.TryRemove(engine, out var wake))
            wake.End("cancelled", null, time.GetUtcNow());
    }

    private Wake Begin(Engine engine)
    {
        var now = time.GetUtcNow();
        ActivityContext.TryParse(engine.TraceParent, null, isRemote: true, out var parent);
        // Seen for the first time under its generation it begins with the wish; a wake that an earlier worker began, with the state found.
        var isFresh = engine.ObservedGeneration < engine.Generation;
        var isAnswer = isFresh || engine.ReadyAt is null && engine.Reason.Code != Reasons.CrashedRestarting;
        var began = isFresh ? engine.LastVisit ?? now : engine.StateSince;
        return new(engine, isFresh ? Queued : PhaseOf(engine), began < now ? began : now, parent, isAnswer, metrics);
    }

    private const string Queued = "queued";

    private static bool IsAtRest(Engine engine) =>
        engine.State is EngineState.Ready or EngineState.Failed && engine.ObservedGeneration == engine.Generation;

    private static string PhaseOf(Engine engine) => engine.State switch
    {
        EngineState.Stopping => "stopping",
        EngineState.Starting when engine.Reason.Code == Reasons.Loading => "loading",
        EngineState.Starting => "starting",
        _ => Queued,
    };
}
