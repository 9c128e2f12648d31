using System.Collections.Concurrent;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Sleeping;

/// <summary>Why each engine is awake and until when, and what people have been told of it: what they would not notice is not written.</summary>
public sealed class Outlooks(OutlookStore store, Term term, TimeProvider time)
{
    /// <summary>How often what keeps changing is told.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>How far the end of a long timeout may have moved untold: it is always said to be "at least".</summary>
    private static readonly TimeSpan LongestMove = TimeSpan.FromMinutes(2);

    private sealed record Entry(string? Uid, Outlook Now, Outlook? Told, DateTimeOffset ToldAt);

    private readonly ConcurrentDictionary<EngineId, Entry> _entries = new();
    private readonly ConcurrentDictionary<EngineId, Outlook> _due = new();

    /// <summary>Notes how an engine looks now: from when on its owner has to be warned, and whether that is void.</summary>
    public Outlook Note(Engine engine, Outlook looked)
    {
        var now = time.GetUtcNow();
        if (!_entries.TryGetValue(engine.Id, out var known) || known.Uid != engine.RuntimeUid)
            known = new(engine.RuntimeUid, engine.Outlook ?? looked, engine.Outlook, DateTimeOffset.MinValue);
        var warned = looked.WarnsAt <= now ? known.Now.WarnedAt is { } since && since <= now ? since : now : (DateTimeOffset?)null;
        var outlook = looked with { WarnedAt = warned };
        _entries[engine.Id] = known with { Now = outlook };
        if (IsNews(known, outlook, now))
            _due[engine.Id] = outlook;
        return outlook;
    }

    /// <summary>Writes what is news, all at once.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        if (_due.IsEmpty)
            return;
        var due = _due.ToArray();
        await store.WriteAsync(due, term, cancellationToken);
        var now = time.GetUtcNow();
        foreach (var (engine, outlook) in due)
        {
            _due.TryRemove(engine, out _);
            if (_entries.TryGetValue(engine, out var known))
                _entries[engine] = known with { Told = outlook, ToldAt = now };
        }
    }

    public void KeepOnly(IReadOnlyCollection<(Engine Engine, Template Template)> engines) => _entries.KeepOnly(engines);

    private static bool IsNews(Entry known, Outlook now, DateTimeOffset at)
    {
        // Its first probe will tell within seconds.
        if (now.Why == Hold.Unknown && now.Said is null)
            return false;
        if (known.Told is not { } told || told.WarnedAt is null != now.WarnedAt is null)
            return true;
        if (told.Why != now.Why && !(IsUse(told.Why) && IsUse(now.Why)))
            return true;
        if (at - known.ToldAt < Pause)
            return false;
        return told.Why != now.Why || SaysOtherwise(told, now)
            || (now.Why is not (Hold.Request or Hold.Work) && (told.SleepsAt - now.SleepsAt)?.Duration() > Move(now));
    }

    /// <summary>Requests that come and go are one use.</summary>
    private static bool IsUse(Hold why) => why is Hold.Activity or Hold.Request;

    private static bool SaysOtherwise(Outlook told, Outlook now) => now.Why switch
    {
        Hold.Work => now.Said?.Kind != BusyProbeKind.Dcgm && told.Said?.Jobs != now.Said?.Jobs,
        Hold.Unknown or Hold.Failed => told.Said != now.Said,
        _ => false,
    };

    private static TimeSpan Move(Outlook now) => TimeSpan.FromTicks(Math.Clamp(now.Timeout.Ticks / 10, Pause.Ticks, LongestMove.Ticks));
}
