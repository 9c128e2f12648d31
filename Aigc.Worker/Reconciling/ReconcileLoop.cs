using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Worker.Leading;
using Aigc.Worker.Runtimes;
using Aigc.Worker.Sleeping;

namespace Aigc.Worker.Reconciling;

/// <summary>Keeps every engine as it is desired, for one term: adopts what runs, then follows the database and the runtime.</summary>
public sealed partial class ReconcileLoop(
    Database database,
    TemplateCatalog templates,
    IEngineRuntime runtime,
    EngineReconciler reconciler,
    RoutePublisher routes,
    Survey survey,
    IdlePolicies policies,
    PoolCatalog catalog,
    Allocator pools,
    PendingWork<EngineId> queue,
    WorkerStatus status,
    WorkerMetrics metrics,
    Term term,
    TimeProvider time,
    ILogger<ReconcileLoop> logger)
{
    /// <summary>Bounds what one worker asks of the database and the runtime at once.</summary>
    internal const int Parallelism = 16;

    /// <summary>What an engine needs next is done at once, as long as it is not always something.</summary>
    private const int StepsInARow = 4;
    private static readonly TimeSpan Resync = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan QueueLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <exception cref="NotLeadingException">Something refused this term's writes.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ForeverAsync("adopt", AdoptAsync, stopAfterSuccess: true, cancellationToken);
        status.HasAdopted(term);
        await Together.RunAsync(
            cancellationToken,
            token => queue.RunAsync(Parallelism, id => HandleAsync(id, token), token),
            token => ForeverAsync("database changes", FollowDatabaseAsync, stopAfterSuccess: false, token),
            token => ForeverAsync("runtime changes", FollowRuntimeAsync, stopAfterSuccess: false, token),
            token => ForeverAsync("resync", ResyncAsync, stopAfterSuccess: false, token),
            token => ForeverAsync("queue", TellAsync, stopAfterSuccess: false, token));
    }

    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        // Before the first look: what an earlier leader still does after it would not be seen.
        try
        {
            await runtime.BeginTermAsync(cancellationToken);
            var begun = time.GetTimestamp();
            var count = await survey.AdoptAsync(cancellationToken);
            routes.Surveyed();
            Log.Adopted(logger, count, time.GetElapsedTime(begun).TotalMilliseconds);
        }
        catch (RuntimeAwayException exception)
        {
            await survey.TellAsync(exception.Reason, cancellationToken);
            throw;
        }
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
                case DatabaseChange.Changed { Kind: ChangeKind.Template }:
                    templates.Forget();
                    break;
                case DatabaseChange.Changed { Kind: ChangeKind.Pool or ChangeKind.Rule }:
                    policies.Forget();
                    await catalog.ReadAsync(cancellationToken);
                    break;
                case DatabaseChange.Resync:
                    policies.Forget();
                    await survey.LookAsync(cancellationToken);
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
            await survey.LookAsync(cancellationToken);
        }
    }

    /// <summary>Who waits learns of the queue's moves.</summary>
    private async Task TellAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(QueueLook, time, cancellationToken);
            pools.Tell();
        }
    }

    private async Task HandleAsync(EngineId id, CancellationToken cancellationToken)
    {
        var (began, failed) = (time.GetTimestamp(), false);
        try
        {
            TimeSpan? next = TimeSpan.Zero;
            for (var step = 0; step < StepsInARow && next == TimeSpan.Zero; step++)
                next = await reconciler.ReconcileAsync(id, cancellationToken);

            if (next is { } delay)
                queue.EnqueueAfter(id, delay);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (exception is not NotLeadingException)
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
            catch (Exception exception) when (exception is not NotLeadingException
                && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
            {
                metrics.Interrupted(what);
                Log.Interrupted(logger, exception, what);
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Adopted {Count} running engines in {Milliseconds:0} ms")]
        public static partial void Adopted(ILogger logger, int count, double milliseconds);

        [LoggerMessage(2, LogLevel.Error, "Engine {Engine} could not be reconciled; trying again")]
        public static partial void Failed(ILogger logger, Exception exception, EngineId engine);

        [LoggerMessage(3, LogLevel.Error, "Interrupted: {What}; trying again")]
        public static partial void Interrupted(ILogger logger, Exception exception, string what);
    }
}
