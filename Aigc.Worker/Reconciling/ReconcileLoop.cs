using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Reconciling;

/// <summary>Keeps every engine as it is desired: adopts what runs, then follows the database and the runtime.</summary>
public sealed partial class ReconcileLoop(
    Database database,
    EngineStore engines,
    UsageStore usage,
    LeaderLease lease,
    TemplateCatalog templates,
    IEngineRuntime runtime,
    EngineReconciler reconciler,
    RoutePublisher routes,
    Admission admission,
    PendingWork<EngineId> queue,
    WorkerStatus status,
    WorkerMetrics metrics,
    TimeProvider time,
    ILogger<ReconcileLoop> logger) : BackgroundService
{
    /// <summary>Bounds what one worker asks of the database and the runtime at once.</summary>
    private const int Parallelism = 8;
    private static readonly TimeSpan Resync = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ForeverAsync("adopt", AdoptAsync, stopAfterSuccess: true, stoppingToken);
        status.Adopted = true;
        await Task.WhenAll(
            queue.RunAsync(Parallelism, id => HandleAsync(id, stoppingToken), stoppingToken),
            ForeverAsync("database changes", FollowDatabaseAsync, stopAfterSuccess: false, stoppingToken),
            ForeverAsync("runtime changes", FollowRuntimeAsync, stopAfterSuccess: false, stoppingToken),
            ForeverAsync("resync", ResyncAsync, stopAfterSuccess: false, stoppingToken));
    }

    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        await database.MigrateAsync(cancellationToken);
        status.Term = (await lease.TakeAsync(await lease.ReadAsync(cancellationToken), cancellationToken))!.Value;
        metrics.Leads(status.Term);
        // Nothing is concluded, and nothing is started, before this list was complete once.
        var computes = await runtime.ListAsync(cancellationToken);
        foreach (var compute in computes)
            admission.Grant(compute.Engine);

        var uids = computes.Select(compute => compute.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var interval in await usage.ListOpenAsync(cancellationToken))
        {
            // It ended while nobody looked, and left no word of when.
            if (!uids.Contains(interval.RuntimeUid))
                await usage.EndedAsync(interval.RuntimeUid, time.GetUtcNow(), status.Term, cancellationToken);
        }

        foreach (var compute in computes)
            queue.Enqueue(compute.Engine);
        Log.Adopted(logger, computes.Count);
    }

    private async Task FollowDatabaseAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in database.WatchAsync(cancellationToken))
        {
            switch (change)
            {
                case DatabaseChange.Changed { Kind: ChangeKind.Engine } changed:
                    queue.Enqueue(new(changed.Id));
                    break;
                case DatabaseChange.Changed:
                    templates.Forget();
                    break;
                default:
                    await EnqueueAllAsync(cancellationToken);
                    break;
            }
        }
    }

    private async Task FollowRuntimeAsync(CancellationToken cancellationToken)
    {
        await foreach (var engine in runtime.WatchAsync(cancellationToken))
            queue.Enqueue(engine);
    }

    /// <summary>What no change told: rows and compute alike are looked at again now and then.</summary>
    private async Task ResyncAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Resync, time, cancellationToken);
            var all = await EnqueueAllAsync(cancellationToken);
            foreach (var compute in await runtime.ListAsync(cancellationToken))
                queue.Enqueue(compute.Engine);
            await routes.RepairAsync(all, cancellationToken);
        }
    }

    private async Task<IReadOnlySet<EngineId>> EnqueueAllAsync(CancellationToken cancellationToken)
    {
        templates.Forget();
        var all = (await engines.ListAllAsync(cancellationToken)).Select(engine => engine.Id).ToHashSet();
        foreach (var engine in all)
            queue.Enqueue(engine);
        return all;
    }

    private async Task HandleAsync(EngineId id, CancellationToken cancellationToken)
    {
        var (began, failed) = (time.GetTimestamp(), false);
        try
        {
            var (requeueAfter, others) = await reconciler.ReconcileAsync(id, cancellationToken);
            if (requeueAfter is { } delay)
                queue.EnqueueAfter(id, delay);
            foreach (var other in others)
                queue.Enqueue(other);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // Whatever it was, the engine is looked at again: a failed stop stays pending.
            failed = true;
            Log.Failed(logger, exception, id);
            queue.EnqueueAfter(id, Retry);
        }

        metrics.Reconciled(time.GetElapsedTime(began), failed);
    }

    private async Task ForeverAsync(string what, Func<CancellationToken, Task> run, bool stopAfterSuccess, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await run(cancellationToken);
                if (stopAfterSuccess)
                    return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                metrics.Interrupted(what);
                Log.Interrupted(logger, exception, what);
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Adopted {Count} running engines")]
        public static partial void Adopted(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Error, "Engine {Engine} could not be reconciled; trying again")]
        public static partial void Failed(ILogger logger, Exception exception, EngineId engine);

        [LoggerMessage(3, LogLevel.Error, "Interrupted: {What}; trying again")]
        public static partial void Interrupted(ILogger logger, Exception exception, string what);
    }
}

/// <summary>What health checks ask.</summary>
public sealed class WorkerStatus
{
    /// <summary>Whether everything that ran when this worker began has been listed.</summary>
    public bool Adopted { get; set; }

    public Term Term { get; set; }
}
