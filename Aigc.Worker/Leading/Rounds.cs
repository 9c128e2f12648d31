using Aigc.Engines.Leading;

namespace Aigc.Worker.Leading;

/// <summary>Work that a leader does again and again, and goes on with after it has failed.</summary>
internal static class Rounds
{
    /// <param name="failed">Told of each failure, and whether the round before it had failed already.</param>
    /// <param name="atOnce">Whether the first round waits for no interval.</param>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public static async Task RunAsync(
        TimeSpan interval, TimeProvider time, Func<CancellationToken, Task> round, Action<Exception, bool> failed, CancellationToken cancellationToken, bool atOnce = false)
    {
        using var timer = new PeriodicTimer(interval, time);
        var hasFailed = false;
        while (atOnce || await timer.WaitForNextTickAsync(cancellationToken))
        {
            atOnce = false;
            try
            {
                await round(cancellationToken);
                hasFailed = false;
            }
            catch (Exception exception) when (exception is not NotLeadingException
                && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
            {
                failed(exception, hasFailed);
                hasFailed = true;
            }
        }
    }
}
