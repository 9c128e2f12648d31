using Aigc.Engines.Leading;

namespace Aigc.Worker.Leading;

/// <summary>Shows the others that the leader lives. Ends when it can't show it any more: then another may be leading already, or soon.</summary>
public sealed partial class Heartbeat(BoundedLease lease, TimeProvider time, ILogger<Heartbeat> logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Less than <see cref="Standby.Silence"/>: this worker stops before another begins.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    /// <param name="since">The last proof of life, by the monotonic clock.</param>
    /// <returns>Why it ended: true when another holds the lease, false when the database did not answer in time.</returns>
    public async Task<bool> RunAsync(Term term, long since, CancellationToken cancellationToken)
    {
        var pause = Interval;
        while (true)
        {
            await Task.Delay(pause, time, cancellationToken);
            // First of all: after a pause of this process the next beat may not even be tried.
            var left = GiveUpAfter - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
                return false;
            var begun = time.GetTimestamp();
            try
            {
                if (!await lease.BeatAsync(term, left < Timeout ? left : Timeout, cancellationToken))
                    return true;
                since = begun;
                pause = Interval;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                Log.Missed(logger, exception, term);
                pause = RetryAfter;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A beat of term {Term} failed")]
        public static partial void Missed(ILogger logger, Exception exception, Term term);
    }
}
