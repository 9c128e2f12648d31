using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Sleeping;

/// <summary>Engines about to fall asleep: their route is withdrawn while the proxies report what they still hold. Any wake or visit voids it.</summary>
public sealed class Drains
{
    private readonly ConcurrentDictionary<EngineId, Drain> _drains = new();

    public void Begin(Engine engine, DateTimeOffset now) => _drains[engine.Id] = new(engine.Generation, now);

    public void End(EngineId engine) => _drains.TryRemove(engine, out _);

    /// <summary>When the drain began; null when there is none or it is void.</summary>
    public DateTimeOffset? Since(Engine engine) =>
        _drains.TryGetValue(engine.Id, out var drain)
        && drain.Generation == engine.Generation
        && !(engine.LastVisit >= drain.Since)
        && !(engine.KeepAwakeUntil > drain.Since)
            ? drain.Since
            : null;

    public bool IsDraining(Engine engine) => Since(engine) is not null;

    private sealed record Drain(long Generation, DateTimeOffset Since);
}
