using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Probes;

namespace Aigc.Worker.Sleeping;

/// <summary>What each engine's busy probe said, since when, and when it was last at work.</summary>
public sealed class BusyMemory(BusyProber prober, TimeProvider time)
{
    public sealed record Entry(string? Uid, Busy Busy, DateTimeOffset Since, DateTimeOffset? LastBusy, DateTimeOffset AskedAt);

    private readonly ConcurrentDictionary<EngineId, Entry> _entries = new();

    /// <summary>Asks the probe unless it was asked less than <paramref name="maxAge"/> ago.</summary>
    public async Task<Entry> AskAsync(Engine engine, Template template, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = _entries.TryGetValue(engine.Id, out var entry) && entry.Uid == engine.RuntimeUid ? entry : null;
        if (template.Busy is null || engine.Address is null)
            return new(engine.RuntimeUid, Busy.Idle, now, null, now);
        if (known is not null && now - known.AskedAt < maxAge)
            return known;

        var answer = await prober.ProbeAsync(engine.Address, template.Busy, cancellationToken);
        var busy = answer.State switch { Busyness.Busy => Busy.Busy, Busyness.Idle => Busy.Idle, _ => Busy.Unknown };
        // What this worker has not seen before may have been at work until just now.
        var lastBusy = busy == Busy.Idle && known is not null ? known.LastBusy : now;
        var since = known?.Busy == busy ? known.Since : now;
        // An answer that stays away counts as work only up to its limit; Idleness knows.
        if (busy == Busy.Unknown && known is not null)
            lastBusy = known.LastBusy ?? now;
        return _entries[engine.Id] = new(engine.RuntimeUid, busy, since, lastBusy, now);
    }

    public void KeepOnly(IEnumerable<EngineId> engines)
    {
        foreach (var engine in _entries.Keys.Except(engines))
            _entries.TryRemove(engine, out _);
    }
}
