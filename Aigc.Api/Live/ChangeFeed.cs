using System.Collections.Concurrent;
using Aigc.Engines.Storage;

namespace Aigc.Api.Live;

/// <summary>Watches the database once for the whole process, and tells every open page and event stream.</summary>
public sealed partial class ChangeFeed(Database database, ApiMetrics metrics, TimeProvider time, ILogger<ChangeFeed> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Changes, byte> _subscribers = new();

    /// <summary>Changes from now on, until disposed. Subscribe first, then read: nothing falls in between.</summary>
    public Changes Subscribe()
    {
        var changes = new Changes(subscriber => _subscribers.TryRemove(subscriber, out _));
        _subscribers[changes] = 0;
        return changes;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Begins with a resync, so what an interruption hid is read again.
                await foreach (var change in database.WatchAsync(stoppingToken))
                    Tell(change);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                metrics.Interrupted();
                Log.Interrupted(logger, error);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    private void Tell(DatabaseChange change)
    {
        foreach (var (subscriber, _) in _subscribers)
        {
            if (subscriber.Offer(change) is > 0 and var dropped)
                metrics.ChangesDropped(dropped);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database's change feed was interrupted; beginning again.")]
        public static partial void Interrupted(ILogger logger, Exception error);
    }
}
