using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Metering;
using Aigc.Worker.Probes;

namespace Aigc.Worker.Sleeping;

/// <summary>What each engine's busy probe said, since when, and when it was last at work.</summary>
public sealed class BusyMemory(BusyProber prober, WorkMeter work, TimeProvider time)
{
    /// <param name="Since">Since when the probe had no readable answer.</param>
    /// <param name="NotIdleSince">Since when it has not said idle.</param>
    private sealed record Entry(
        string? Uid, Busy Busy, DateTimeOffset Since, DateTimeOffset NotIdleSince, DateTimeOffset LastBusy, DateTimeOffset AskedAt, double Share, ProbeWord? Said = null);

    /// <summary>A program that became ready so recently has not been at work before.</summary>
    private static readonly TimeSpan JustReady = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<EngineId, Entry> _entries = new();

    /// <summary>Whether the probe has to be asked, its last answer being older than <paramref name="maxAge"/> or a little less: engines take turns.</summary>
    public bool IsDue(Engine engine, Template template, TimeSpan maxAge) =>
        HasProbe(engine, template) && Known(engine) is var known && time.GetUtcNow() - known.AskedAt >= maxAge * known.Share;

    public async Task AskAsync(Engine engine, Template template, CancellationToken cancellationToken)
    {
        if (!HasProbe(engine, template))
            return;
        var known = Known(engine);
        var answer = await prober.ProbeAsync(engine.Id, engine.Address!, template.Busy!, cancellationToken);
        await work.NoteAsync(engine, answer.Count, cancellationToken);
        var now = time.GetUtcNow();
        var busy = answer.State switch
        {
            Busyness.Busy => Busy.Busy,
            Busyness.Idle => Busy.Idle,
            Busyness.Failed => Busy.Failed,
            _ => Busy.Unknown,
        };
        // An answer that stays away counts as work only up to its limit; Idleness knows.
        _entries[engine.Id] = new(
            engine.RuntimeUid, busy, IsSilent(known.Busy) && IsSilent(busy) ? known.Since : now, busy == Busy.Idle ? now : known.NotIdleSince,
            busy == Busy.Busy ? now : known.LastBusy, now, NextShare(), new(template.Busy!.Kind, answer.Detail, answer.Jobs));
    }

    /// <summary>The usage with what the probe said; an engine without a probe is never at work by itself.</summary>
    public Usage Add(Usage usage, Engine engine, Template template) => HasProbe(engine, template) && Known(engine) is var known
        ? usage with { Busy = known.Busy, BusySince = known.Busy == Busy.Busy ? known.NotIdleSince : known.Since, LastBusy = known.LastBusy, Said = known.Said }
        : usage;

    public void KeepOnly(IReadOnlyCollection<(Engine Engine, Template Template)> engines) => _entries.KeepOnly(engines);

    private static bool HasProbe(Engine engine, Template template) => template.Busy is not null && engine.Address is not null;

    /// <summary>What this worker has not seen before may have been at work until just now; it is asked at once, or soon when there are many.</summary>
    private Entry Known(Engine engine)
    {
        if (_entries.TryGetValue(engine.Id, out var known) && known.Uid == engine.RuntimeUid)
            return known;
        var now = time.GetUtcNow();
        var worked = engine.ReadyAt is { } ready && ready <= now && (now - ready < JustReady || engine.Outlook is { Why: Hold.Expected }) ? ready : now;
        // What an earlier worker has told counts on: its death must not make an engine younger that always says busy.
        var (since, notIdle) = engine.Outlook switch
        {
            { Why: Hold.Work } told when told.Since <= now => (now, told.Since),
            { Why: Hold.Unknown or Hold.Failed } told when told.Since <= now => (told.Since, told.Since),
            _ => (now, now),
        };
        return _entries[engine.Id] = new(engine.RuntimeUid, Busy.Unknown, since, notIdle, worked, now, Random.Shared.NextDouble());
    }

    private static bool IsSilent(Busy busy) => busy is Busy.Unknown or Busy.Failed;

    /// <summary>Of the longest age: different for each time, so that engines that woke together are not asked together for ever.</summary>
    private static double NextShare() => 0.7 + (0.3 * Random.Shared.NextDouble());
}
