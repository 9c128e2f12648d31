using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Worker.Reconciling;

namespace Aigc.Worker.Sleeping;

/// <summary>
/// Puts engines to sleep that nobody uses: drain, look again, then one conditional write.
/// What it can't learn (a tracker without answer, a probe without answer) counts as use.
/// </summary>
public sealed partial class SleepSweep(
    AwakeEngines awake,
    ISessionTracker tracker,
    BusyMemory busyMemory,
    EngineStore engines,
    Drains drains,
    WorkerStatus status,
    PendingWork<EngineId> queue,
    TimeProvider time,
    ILogger<SleepSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a proxy takes to hear of the drain and to report what it holds.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MaxProbeAge = TimeSpan.FromSeconds(10);

    /// <summary>The newest activity ever heard of; an engine never heard of was used just now.</summary>
    private readonly ConcurrentDictionary<EngineId, DateTimeOffset> _heard = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var ready = awake.Ready.ToList();
        busyMemory.KeepOnly(ready.Select(entry => entry.Engine.Id));
        foreach (var engine in _heard.Keys.Except(ready.Select(entry => entry.Engine.Id)))
            _heard.TryRemove(engine, out _);
        if (ready.Count == 0)
            return;
        var activity = await tracker.GetActivityAsync(cancellationToken);
        await Parallel.ForEachAsync(
            ready,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (entry, token) => await LookAsync(entry.Engine, entry.Template, activity.GetValueOrDefault(entry.Engine.Id), token));
    }

    private async Task LookAsync(Engine engine, Template template, EngineActivity activity, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var draining = drains.Find(engine);
        // A drain asks the probe anew; before it, a tenth of the idle timeout is fresh enough.
        var maxAge = draining is not null ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(MaxProbeAge.Ticks, template.IdleTimeout.Ticks / 10));
        var busy = await busyMemory.AskAsync(engine, template, maxAge, cancellationToken);
        var usage = new Usage(
            engine.ReadyAt ?? now, activity.Open, Heard(engine.Id, activity, now),
            busy.Busy, busy.Since, busy.LastBusy, engine.LastVisit, engine.KeepAwakeUntil);
        var sleepsAt = Idleness.SleepsAt(usage, template.IdleTimeout, template.Busy?.UnknownLimit, now);

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
            await engines.SleepIfIdleAsync(draining.Seen, status.Term, cancellationToken);
            drains.End(engine.Id);
            queue.Enqueue(engine.Id);
        }
    }

    private DateTimeOffset Heard(EngineId engine, EngineActivity activity, DateTimeOffset now) =>
        _heard.AddOrUpdate(
            engine,
            _ => now - activity.Quiet ?? now,
            (_, heard) => now - activity.Quiet is { } newer && newer > heard ? newer : heard);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Engine {Host} ({Engine}) has been idle long enough; draining")]
        public static partial void Draining(ILogger logger, EngineId engine, string host);

        [LoggerMessage(2, LogLevel.Error, "The sleep sweep failed; engines stay awake until the next one")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
