namespace Aigc.Proxy.Signing;

/// <summary>Asks the API for the key that signs now, again and again. One that is known signs on while the API is away.</summary>
public sealed partial class SigningKeyWatch(GatewayApi api, SigningKeyRing keys, TimeProvider time, ILogger<SigningKeyWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                keys.Put(await api.FindSigningKeyAsync(stoppingToken));
                wasAway = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!wasAway)
                    Log.NoKey(logger, e);
                wasAway = true;
            }
            await Task.Delay(wasAway ? RetryPause : Interval, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The API did not give the signing key. Until it does, engines are told of visitors with the key known before, or without a signature.")]
        public static partial void NoKey(ILogger logger, Exception exception);
    }
}
