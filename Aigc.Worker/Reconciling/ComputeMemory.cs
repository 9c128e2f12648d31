using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Worker.Probes;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Reconciling;

/// <summary>What the probes have said of each engine's present compute. Ready once is ready for as long as that compute lives.</summary>
public sealed class ComputeMemory
{
    private sealed record Entry(string Uid, bool Listening, bool EverReady, string? Detail, DateTimeOffset ProbedAt);

    private readonly ConcurrentDictionary<EngineId, Entry> _entries = new();

    public Observed Observe(Engine engine, Compute? compute, QueuePlace? place, DateTimeOffset now)
    {
        if (compute is null)
            return new(ComputePhase.None, now, Place: place?.Position ?? 0, Queue: place?.ToDetail());
        var seen = _entries.TryGetValue(engine.Id, out var entry) && entry.Uid == compute.Uid ? entry : null;
        // After a restart of this worker the database still knows that this very compute was ready.
        var everReady = seen?.EverReady ?? (engine.ReadyAt is not null && engine.RuntimeUid == compute.Uid);
        return new(compute.Phase, compute.PhaseSince, compute.Generation, seen?.Listening ?? false, everReady, seen?.Detail,
            Waiting: compute.Waiting, Failure: compute.Failure, ProbedAt: seen?.ProbedAt);
    }

    public void Note(EngineId engine, string uid, ReadinessAnswer answer, DateTimeOffset now) =>
        _entries[engine] = new(uid, answer.State != Readiness.NotListening, answer.State == Readiness.Ready, answer.Detail, now);

    public void Forget(EngineId engine) => _entries.TryRemove(engine, out _);
}
