using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;
using Aigc.Worker.Clocks;
using Aigc.Worker.Leading;

namespace Aigc.Worker.Sleeping;

/// <summary>
/// When each engine was last used, by this worker's own clock. Times that others wrote (the API's visits, an earlier worker's ready)
/// are never taken as later than now, and one that changes means now. What is not known counts as use.
/// </summary>
public sealed class UseMemory(TermScope term, TimeProvider time)
{
    private sealed record Entry(
        DateTimeOffset Heard, bool Reported, DateTimeOffset? Visit, DateTimeOffset? VisitSeen, DateTimeOffset? KeepAwake, DateTimeOffset? KeepAwakeSeen, int Round);

    /// <summary>Proxies report within a second that somebody uses an engine.</summary>
    private static readonly TimeSpan JustReady = TimeSpan.FromSeconds(5);

    private readonly Dictionary<EngineId, Entry> _entries = [];
    private bool _unknown;
    private int _round;

    /// <summary>The tracker could not be asked: whatever happened meanwhile counts as use when it answers again.</summary>
    public void NoteOutage() => _unknown = true;

    /// <summary>What is known of each engine's use; forgets the engines that are not among these.</summary>
    public IReadOnlyList<Usage> Hear(IReadOnlyList<Engine> engines, IReadOnlyDictionary<EngineId, EngineActivity> activity)
    {
        var now = time.GetUtcNow();
        var machine = SteadyTime.Machine(time);
        _round++;
        var usages = new Usage[engines.Count];
        for (var i = 0; i < usages.Length; i++)
        {
            var engine = engines[i];
            var reported = activity.GetValueOrDefault(engine.Id);
            var entry = _entries[engine.Id] = Next(engine, reported, _entries.GetValueOrDefault(engine.Id), now, machine);
            usages[i] = new(
                NotAfter(engine.ReadyAt, now) ?? now, reported.Open, entry.Heard, Busy.Idle, now, LastBusy: null, entry.VisitSeen, entry.KeepAwakeSeen);
        }

        _unknown = false;
        if (_entries.Count > engines.Count)
        {
            foreach (var gone in _entries.Where(entry => entry.Value.Round != _round).Select(entry => entry.Key).ToList())
                _entries.Remove(gone);
        }

        return usages;
    }

    private Entry Next(Engine engine, EngineActivity activity, Entry? known, DateTimeOffset now, DateTimeOffset machine)
    {
        var reported = activity.Quiet is { } quiet ? NotAfter(now - quiet, now) : null;
        // Reported once and now no more: the tracker has lost it.
        var unknown = _unknown || (known is null && term.AfterOutage) || (reported is null && known is not { Reported: false });
        var heard = unknown || activity.Open > 0 ? Assumed(engine, activity, known, now)
            : reported > known?.Heard || known is null ? reported!.Value
            : known.Heard;
        var visit = engine.LastVisit == known?.Visit ? known?.VisitSeen : known is null ? NotAfter(engine.LastVisit, now) : now;
        // The API's clock and this machine's agree, but this worker's may still be following them: the length of the stay counts.
        var keepAwake = engine.KeepAwakeUntil == known?.KeepAwake ? known?.KeepAwakeSeen
            : engine.KeepAwakeUntil is { } until ? now + (until - machine)
            : null;
        return new(heard, reported is not null, engine.LastVisit, visit, engine.KeepAwakeUntil, keepAwake, _round);
    }

    /// <summary>What is not known counts as use; but nobody has used it before it was ready, or while an earlier worker still expected somebody.</summary>
    private DateTimeOffset Assumed(Engine engine, EngineActivity activity, Entry? known, DateTimeOffset now) =>
        known is null && activity.Open == 0 && !_unknown && !term.AfterOutage && engine.ReadyAt is { } ready && ready <= now
        && (now - ready < JustReady || engine.Outlook is { Why: Hold.Expected })
            ? ready
            : now;

    private static DateTimeOffset? NotAfter(DateTimeOffset? at, DateTimeOffset now) => at > now ? now : at;
}
