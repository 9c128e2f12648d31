using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Worker.Metering;
using Aigc.Worker.Reconciling;

namespace Aigc.Worker.Sleeping;

/// <summary>
/// Puts engines to sleep that nobody uses: drain, look again, then one conditional write.
/// What it can't learn (a tracker without answer, a probe without answer) counts as use.
/// </summary>
public sealed partial class SleepSweep(
    AwakeEngines awake,
    ISessionTracker tracker,
    UseMemory use,
    BusyMemory busyMemory,
    EngineStore engines,
    Drains drains,
    IdleMeter idleMeter,
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

    private bool _failed;

    /// <exception cref="NotLeadingException">A sleep was refused.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await SweepAsync(cancellationToken);
                _failed = false;
            }
            catch (Exception exception) when (exception is not NotLeadingException
                && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
            {
                use.NoteOutage();
                if (!_failed && exception is TrackerAwayException)
                    Log.TrackerAway(logger, exception.Message);
                else if (!_failed)
                    Log.Failed(logger, exception);
                _failed = true;
            }
        }
    }

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var ready = awake.Ready.ToList();
        busyMemory.KeepOnly(ready);
        if (ready.Count == 0)
        {
            await idleMeter.WriteAsync(time.GetUtcNow(), cancellationToken);
            return;
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TrackerTimeout);
        var activity = await tracker.GetActivityAsync(bound.Token).WaitAsync(bound.Token);
        var usages = use.Hear([.. ready.Select(entry => entry.Engine)], activity);

        // Most have nothing to be asked and nothing to be done: only the others cost more than this comparison.
        var rest = new List<(Engine Engine, Template Template, Usage Usage)>();
        for (var i = 0; i < usages.Count; i++)
        {
            var (engine, template) = ready[i];
            idleMeter.Note(engine, busyMemory.Add(usages[i], engine, template), time.GetUtcNow());
            if (!IsQuiet(engine, template, usages[i]))
                rest.Add((engine, template, usages[i]));
        }

        await idleMeter.WriteAsync(time.GetUtcNow(), cancellationToken);
        await Parallel.ForEachAsync(
            rest,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (entry, token) => await LookAsync(entry.Engine, entry.Template, entry.Usage, token));
    }

    private bool IsQuiet(Engine engine, Template template, Usage usage)
    {
        var now = time.GetUtcNow();
        return drains.Find(engine) is null && !busyMemory.IsDue(engine, template, MaxAge(template))
            && busyMemory.Add(usage, engine, template) is var whole
            && !(Idleness.SleepsAt(whole, template.IdleTimeout, template.Busy?.UnknownLimit, now) <= now);
    }

    private async Task LookAsync(Engine engine, Template template, Usage usage, CancellationToken cancellationToken)
    {
        var draining = drains.Find(engine);
        // A drain asks the probe anew.
        if (draining is not null || busyMemory.IsDue(engine, template, MaxAge(template)))
            await busyMemory.AskAsync(engine, template, cancellationToken);
        var now = time.GetUtcNow();
        var whole = busyMemory.Add(usage, engine, template);
        var sleepsAt = Idleness.SleepsAt(whole, template.IdleTimeout, template.Busy?.UnknownLimit, now);

        if (sleepsAt is null || sleepsAt > now)
        {
            if (draining is null)
                return;
            drains.End(engine.Id);
            queue.Enqueue(engine.Id);
        }
        else if (draining is null)
        {
            Log.Draining(logger, engine.Id, engine.Host);
            drains.Begin(engine, now);
            queue.Enqueue(engine.Id);
        }
        else if (now - draining.Since >= DrainTime)
        {
            // A visit or a wake since the drain began voids this write.
            await engines.SleepIfIdleAsync(draining.Seen, term, cancellationToken);
            drains.End(engine.Id);
            queue.Enqueue(engine.Id);
        }
    }

    /// <summary>A tenth of the idle timeout is fresh enough.</summary>
    private static TimeSpan MaxAge(Template template) => TimeSpan.FromTicks(Math.Min(MaxProbeAge.Ticks, template.IdleTimeout.Ticks / 10));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Engine {Host} ({Engine}) has been idle long enough; draining")]
        public static partial void Draining(ILogger logger, EngineId engine, string host);

        [LoggerMessage(2, LogLevel.Error, "The sleep sweep failed; engines stay awake until the next one")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "No engine falls asleep for the moment: {Why}")]
        public static partial void TrackerAway(ILogger logger, string why);
    }
}
