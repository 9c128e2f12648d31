using Aigc.Engines.Access;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;

namespace Aigc.Worker.Metering;

/// <summary>
/// Meters what of a run was not its owner's use: stretches without any, and those in which an administrator had the engine opened for
/// themselves. Each is written once it is over; what this worker did not see counts as use.
/// </summary>
public sealed class IdleMeter(MeterStore store, Term term)
{
    /// <summary>People think, and read: a shorter pause is use.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private sealed record Run(DateTimeOffset LastUse, DateTimeOffset? SharedSince, int Round);

    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly List<(string RuntimeUid, UsePart Part)> _over = [];
    private int _round;

    /// <summary>For each engine that is ready, each time somebody looks.</summary>
    public void Note(Engine engine, Usage usage, DateTimeOffset now)
    {
        if (engine.RuntimeUid is not { } uid)
            return;
        var lastUse = LastUse(usage, now);
        var known = _runs.GetValueOrDefault(uid) ?? new(lastUse, null, _round);
        if (lastUse > known.LastUse)
            End(uid, CostKind.Idle, known.LastUse, lastUse, Pause);
        else
            lastUse = known.LastUse;
        var shared = engine.Access?.Any(grant => grant.Level == AccessLevel.Use && !(grant.Until <= now)) ?? false;
        if (!shared && known.SharedSince is { } since)
            End(uid, CostKind.Shared, since, now, TimeSpan.Zero);
        _runs[uid] = new(lastUse, shared ? known.SharedSince ?? now : null, _round);
    }

    /// <summary>After all were noted: the others sleep. Writes what is over.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task WriteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (uid, run) in _runs.Where(run => run.Value.Round != _round).ToList())
        {
            End(uid, CostKind.Idle, run.LastUse, now, Pause);
            if (run.SharedSince is { } since)
                End(uid, CostKind.Shared, since, now, TimeSpan.Zero);
            _runs.Remove(uid);
        }

        _round++;
        if (_over.Count == 0)
            return;
        await store.AddPartsAsync(_over, term, cancellationToken);
        _over.Clear();
    }

    private void End(string uid, CostKind kind, DateTimeOffset from, DateTimeOffset until, TimeSpan longerThan)
    {
        if (until - from > longerThan)
            _over.Add((uid, new(kind, from, until)));
    }

    private static DateTimeOffset LastUse(Usage usage, DateTimeOffset now) =>
        usage.Open > 0 || usage.Busy != Busy.Idle
            ? now
            : new[] { usage.ReadyAt, usage.LastActivity, usage.LastBusy, usage.LastVisit }.Max() ?? now;
}
