using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Sleeping;

/// <param name="Seen">The engine when the drain began: whoever asks for anything changes it.</param>
public sealed record Drain(Engine Seen, DateTimeOffset Since);

/// <summary>Engines about to fall asleep: their route is withdrawn while the proxies report what they still hold. Any wake or visit voids it.</summary>
public sealed class Drains
{
    private readonly ConcurrentDictionary<EngineId, Drain> _drains = new();

    public void Begin(Engine engine, DateTimeOffset now) => _drains[engine.Id] = new(engine, now);

    public void End(EngineId engine) => _drains.TryRemove(engine, out _);

    /// <summary>Null when there is none or it is void.</summary>
    public Drain? Find(Engine engine) =>
        _drains.TryGetValue(engine.Id, out var drain)
        && drain.Seen.Generation == engine.Generation
        && drain.Seen.LastVisit == engine.LastVisit
        && drain.Seen.KeepAwakeUntil == engine.KeepAwakeUntil
            ? drain
            : null;

    public bool IsDraining(Engine engine) => Find(engine) is not null;
}
