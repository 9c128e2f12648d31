using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.ServiceDefaults.Lifetime;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Sleeping;

/// <summary>
/// When the whole product ends on this machine, its engines end too: put to sleep, disks kept.
/// When only this worker ends, they go on, and the next worker adopts them.
/// </summary>
public sealed partial class HostEndSweep(
    HostLifetimeWatch host,
    EngineStore engines,
    ObservedStore observed,
    UsageStore usage,
    IEngineRuntime runtime,
    WorkerStatus status,
    TimeProvider time,
    ILogger<HostEndSweep> logger) : IHostedService
{
    /// <summary>For engines to end by themselves; whoever ended the product waits for this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Hosted services stop in the reverse order of their start: this one is registered first, so the loops have ended.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!host.HostEnded)
            return;
        var computes = await runtime.ListAsync(cancellationToken);
        if (computes.Count == 0)
            return;
        Log.Ending(logger, computes.Count);
        await Task.WhenAll(computes.Select(compute => EndAsync(compute, cancellationToken)));
    }

    private async Task EndAsync(Compute compute, CancellationToken cancellationToken)
    {
        try
        {
            await runtime.StopAsync(compute.Engine, cancellationToken);
            var engine = await engines.SleepAsync(compute.Engine, new(Reasons.GatewayStopped), null, cancellationToken);
            var deadline = time.GetUtcNow() + Grace;
            Compute? left;
            while ((left = await runtime.FindAsync(compute.Engine, cancellationToken)) is { Phase: not ComputePhase.Exited })
            {
                if (time.GetUtcNow() >= deadline)
                    await runtime.KillAsync(compute.Engine, cancellationToken);
                await Task.Delay(LookInterval, time, cancellationToken);
            }

            await usage.EndedAsync(compute.Uid, left?.EndedAt ?? time.GetUtcNow(), status.Term, cancellationToken);
            await runtime.ReleaseAsync(compute.Engine, cancellationToken);
            if (engine is not null)
            {
                await observed.WriteAsync(
                    engine.Id, new(EngineState.Asleep, new(Reasons.GatewayStopped), engine.Generation), status.Term, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
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
