using Aigc.Engines.Ahead;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Worker.Ahead;
using Aigc.Worker.Leading;
using Aigc.Worker.Metering;
using Aigc.Worker.Reconciling;

namespace Aigc.Worker.Sleeping;

/// <summary>
/// Puts engines to sleep that nobody uses: warn, drain, look again, then one conditional write.
/// What it can't learn (a tracker without answer, a probe without answer) counts as use.
/// </summary>
public sealed partial class SleepSweep(
    AwakeEngines awake,
    ISessionTracker tracker,
    UseMemory use,
    BusyMemory busyMemory,
    IdlePolicies policies,
    Allocator pools,
    Outlooks outlooks,
    EngineStore engines,
    Drains drains,
    IdleMeter idleMeter,
    Arrivals arrivals,
    Term term,
    PendingWork<EngineId> queue,
    TimeProvider time,
    ILogger<SleepSweep> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a proxy takes to hear of the drain and to report what it holds.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MaxProbeAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TrackerTimeout = TimeSpan.FromSeconds(5);
    private const int Parallelism = 16;

    /// <exception cref="NotLeadingException">A sleep was refused.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => Rounds.RunAsync(Interval, time, SweepAsync, NoteFailure, cancellationToken);

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var ready = awake.Ready.ToList();
        busyMemory.KeepOnly(ready);
        policies.KeepOnly(ready);
        outlooks.KeepOnly(ready);
        arrivals.KeepOnly(ready);
        if (ready.Count == 0)
        {
            await idleMeter.WriteAsync(time.GetUtcNow(), cancellationToken);
            return;
        }

        var rules = await policies.RulesAsync(cancellationToken);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TrackerTimeout);
        var activity = await tracker.GetActivityAsync(bound.Token).WaitAsync(bound.Token);
        var usages = use.Hear([.. ready.Select(entry => entry.Engine)], activity);

        var rooms = pools.Rooms();

        // Most have nothing to be asked and nothing to be done: only the others cost more than this comparison.
        var rest = new List<Awake>();
        for (var i = 0; i < usages.Count; i++)
        {
            var (engine, template) = ready[i];
            var usage = engine.Pool is { } pool && rooms.TryGetValue(pool, out var room) ? usages[i] with { Free = room.Free, IsWaitedFor = room.IsWaitedFor } : usages[i];
            if (engine.IsAhead)
                usage = usage with { ExpectedUntil = engine.AskedAt + Habit.Patience };
            var entry = new Awake(engine, template, policies.Of(engine, template, rules), usage);
            idleMeter.Note(engine, busyMemory.Add(usages[i], engine, template), time.GetUtcNow());
            if (!IsQuiet(entry))
                rest.Add(entry);
        }

        await idleMeter.WriteAsync(time.GetUtcNow(), cancellationToken);
        await Parallel.ForEachAsync(
            rest, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, LookAsync);
        await outlooks.TellAsync(cancellationToken);
        await arrivals.WriteAsync(cancellationToken);
    }

    private void NoteFailure(Exception exception, bool again)
    {
        use.NoteOutage();
        if (!again && exception is TrackerAwayException)
            Log.TrackerAway(logger, exception.Message);
        else if (!again)
            Log.Failed(logger, exception);
    }

    private bool IsQuiet(Awake entry)
    {
        var (engine, template, _, _) = entry;
        return drains.Find(engine) is null && !busyMemory.IsDue(engine, template, MaxAge(entry)) && !(Look(entry).EndsAt <= time.GetUtcNow());
    }

    private Outlook Look(Awake entry)
    {
        var outlook = outlooks.Note(entry.Engine, Idleness.Look(busyMemory.Add(entry.Usage, entry.Engine, entry.Template), entry.Policy, time.GetUtcNow()));
        arrivals.Note(entry.Engine, outlook);
        return outlook;
    }

    private async ValueTask LookAsync(Awake entry, CancellationToken cancellationToken)
    {
        var (engine, template, _, _) = entry;
        var draining = drains.Find(engine);
        // A drain asks the probe anew.
        if (draining is not null || busyMemory.IsDue(engine, template, MaxAge(entry)))
            await busyMemory.AskAsync(engine, template, cancellationToken);
        var now = time.GetUtcNow();
        var outlook = Look(entry);

        if (!(outlook.EndsAt <= now))
        {
            if (draining is null)
                return;
            drains.End(engine.Id);
            queue.Enqueue(engine.Id);
        }
        else if (draining is null)
        {
            Log.Draining(logger, engine.Id, engine.Host, outlook.Ends);
            drains.Begin(engine, now);
            queue.Enqueue(engine.Id);
        }
        else if (now - draining.Since >= DrainTime)
        {
            // A visit or a wake since the drain began voids this write.
            await engines.SleepIfIdleAsync(draining.Seen, WhyOf(outlook), term, cancellationToken);
            drains.End(engine.Id);
            queue.Enqueue(engine.Id);
        }
    }

    private static Reason WhyOf(Outlook outlook) =>
        new(outlook.Ends, outlook.Ends == Reasons.BusyTooLong ? OutlookWords.Work(outlook.Said).En : outlook.Said?.Detail);

    /// <summary>A tenth of the idle timeout is fresh enough.</summary>
    private static TimeSpan MaxAge(Awake entry) => TimeSpan.FromTicks(Math.Min(MaxProbeAge.Ticks, entry.Policy.Timeout.Value.Ticks / 10));

    private readonly record struct Awake(Engine Engine, Template Template, IdlePolicy Policy, Usage Usage);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Engine {Host} ({Engine}) goes to sleep ({Reason}); draining")]
        public static partial void Draining(ILogger logger, EngineId engine, string host, string reason);

        [LoggerMessage(2, LogLevel.Error, "The sleep sweep failed; engines stay awake until the next one")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "No engine falls asleep for the moment: {Why}")]
        public static partial void TrackerAway(ILogger logger, string why);
    }
}
