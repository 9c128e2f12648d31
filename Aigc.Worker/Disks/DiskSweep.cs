using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Disks;

/// <summary>Removes the disks of deleted people once their time is over: the files first, then the note of them.</summary>
public sealed partial class DiskSweep(KeptDiskStore disks, IEngineRuntime runtime, Term term, TimeProvider time, ILogger<DiskSweep> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await TryAsync("the list", SweepAsync, cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var disk in await disks.ListDueAsync(cancellationToken))
            await TryAsync(disk.Value, token => RemoveAsync(disk, token), cancellationToken);
    }

    private async Task RemoveAsync(EngineId disk, CancellationToken cancellationToken)
    {
        await runtime.RemoveAsync(disk, keepDisk: false, cancellationToken);
        await disks.RemovedAsync(disk, term, cancellationToken);
        Log.Removed(logger, disk);
    }

    /// <summary>What fails is tried again with the next look; one disk holds up no other.</summary>
    private async Task TryAsync(string what, Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act(cancellationToken);
        }
        catch (Exception exception) when (exception is not NotLeadingException
            && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            Log.Failed(logger, exception, what);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed the disk {Disk} of somebody who was deleted")]
        public static partial void Removed(ILogger logger, EngineId disk);

        [LoggerMessage(2, LogLevel.Error, "Disks of deleted people could not be removed ({What}); trying again")]
        public static partial void Failed(ILogger logger, Exception exception, string what);
    }
}
