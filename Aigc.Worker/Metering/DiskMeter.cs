using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Worker.Leading;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Metering;

/// <summary>Meters disks, whether their engines are awake or not: from the minute in which they are there until the one in which they are gone.</summary>
public sealed partial class DiskMeter(MeterStore store, IDiskSizes sizes, Term term, TimeProvider time, ILogger<DiskMeter> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<EngineId, DateTimeOffset> _lookedAt = [];

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Rounds.RunAsync(Interval, time, MeterAsync, (exception, _) => Log.NotMetered(logger, exception), cancellationToken);

    internal async Task MeterAsync(CancellationToken cancellationToken)
    {
        var disks = await store.ListDisksAsync(cancellationToken);
        foreach (var disk in disks)
        {
            var now = time.GetUtcNow();
            if (disk.Measured is not null && _lookedAt.TryGetValue(disk.Engine, out var looked) && now - looked < sizes.GoodFor)
                continue;
            if (await sizes.SizeAsync(disk.Engine, cancellationToken) is not { } bytes)
                continue;
            _lookedAt[disk.Engine] = now;
            if (bytes != (disk.Measured ?? 0))
                await store.ResizedAsync(disk, bytes, term, cancellationToken);
        }

        await store.CloseGoneAsync(term, cancellationToken);
        foreach (var gone in _lookedAt.Keys.Except(disks.Select(disk => disk.Engine)).ToList())
            _lookedAt.Remove(gone);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Disks could not be metered; again in a minute")]
        public static partial void NotMetered(ILogger logger, Exception exception);
    }
}
