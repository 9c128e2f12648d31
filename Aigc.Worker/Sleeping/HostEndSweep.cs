using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Sleeping;

/// <summary>
/// When the whole product ends on this machine, its engines end too: put to sleep, disks kept.
/// When only this worker ends, they go on, and the next worker adopts them.
/// </summary>
public sealed partial class HostEndSweep(
    EngineStore engines,
    ObservedStore observed,
    UsageStore usage,
    IEngineRuntime runtime,
    Term term,
    TimeProvider time,
    ILogger<HostEndSweep> logger)
{
    /// <summary>For engines to end by themselves; whoever ended the product waits for this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Bounds the readings of the process table and the writes at once.</summary>
    private const int Parallelism = 16;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await runtime.BeginTermAsync(cancellationToken);
        var computes = await runtime.ListAsync(cancellationToken);
        if (computes.Count == 0)
            return;
        Log.Ending(logger, computes.Count);
        var begun = time.GetTimestamp();
        var bounded = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        // All are asked before any is waited for.
        await Parallel.ForEachAsync(computes, bounded, (compute, token) => TryAsync(compute, StopAsync, token));
        await Parallel.ForEachAsync(computes, bounded, (compute, token) => TryAsync(compute, (one, inner) => EndAsync(one, begun, inner), token));
        await Parallel.ForEachAsync(computes, bounded, (compute, token) => TryAsync(compute, NoteAsync, token));
    }

    private async Task StopAsync(Compute compute, CancellationToken cancellationToken)
    {
        await runtime.StopAsync(compute.Engine, cancellationToken);
        await engines.SleepAsync(compute.Engine, new(Reasons.GatewayStopped), Actor.Gateway, cancellationToken);
    }

    private async Task EndAsync(Compute compute, long begun, CancellationToken cancellationToken)
    {
        while (await runtime.FindAsync(compute.Engine, cancellationToken) is { Phase: not ComputePhase.Exited })
        {
            if (time.GetElapsedTime(begun) >= Grace)
                await runtime.KillAsync(compute.Engine, cancellationToken);
            else
                await Task.Delay(LookInterval, time, cancellationToken);
        }
    }

    private async Task NoteAsync(Compute compute, CancellationToken cancellationToken)
    {
        var left = await runtime.FindAsync(compute.Engine, cancellationToken);
        await usage.EndedAsync(compute.Uid, left?.EndedAt ?? time.GetUtcNow(), term, cancellationToken);
        await runtime.ReleaseAsync(compute.Engine, cancellationToken);
        if (await engines.FindAsync(compute.Engine, cancellationToken) is { Desired: Desired.Asleep } engine)
            await observed.WriteAsync(engine.Id, new(EngineState.Asleep, engine.DesiredReason, engine.Generation), term, cancellationToken);
    }

    /// <summary>One engine's trouble, or the database's, keeps no other engine running.</summary>
    private async ValueTask TryAsync(Compute compute, Func<Compute, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(compute, cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or NotLeadingException))
        {
            Log.EndFailed(logger, exception, compute.Engine);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The gateway ends; putting {Count} engines to sleep")]
        public static partial void Ending(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Error, "Engine {Engine} could not be ended; the next worker takes care of it")]
        public static partial void EndFailed(ILogger logger, Exception exception, EngineId engine);
    }
}
