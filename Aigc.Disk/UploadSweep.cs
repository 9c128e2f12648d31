using Aigc.Disks;

namespace Aigc.Disk;

/// <summary>Clears the disk of what killed uploads left, while it is served already: a large disk takes its time.</summary>
internal sealed partial class UploadSweep(DiskFiles files, ILogger<UploadSweep> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () =>
        {
            var removed = files.ClearUploads(stoppingToken);
            if (removed > 0)
                Log.Removed(logger, removed);
        },
        stoppingToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Count} uploads that had not come to their end")]
        public static partial void Removed(ILogger logger, int count);
    }
}
