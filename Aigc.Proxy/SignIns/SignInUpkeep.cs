namespace Aigc.Proxy.SignIns;

/// <summary>Looks after the sign-ins in memory: a WebSocket does not outlive its sign-in, even when the word of its end was lost.</summary>
public sealed partial class SignInUpkeep(SignInCache signIns, TimeProvider time, ILogger<SignInUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await signIns.UpkeepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.UpkeepFailed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Sign-ins in use could not be verified again; they stay until they can")]
        public static partial void UpkeepFailed(ILogger logger, Exception exception);
    }
}
