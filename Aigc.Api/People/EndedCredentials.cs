using Aigc.Api.SigningIn;
using Aigc.Engines.Storage;

namespace Aigc.Api.People;

/// <summary>Tells the proxies of the sign-ins and tokens of deleted people; also of those that an API which ended meanwhile has not told of.</summary>
public sealed partial class EndedCredentials(
    DeletionStore deletions, SignIns signIns, Revocations revocations, TimeProvider time, ILogger<EndedCredentials> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await deletions.ListUntoldAsync(cancellationToken))
        {
            signIns.Forget(key);
            if (await revocations.TellAsync(key, cancellationToken))
                await deletions.ToldAsync(key, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await TellAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotTold(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Which credentials of deleted people the proxies have to be told of could not be read; trying again")]
        public static partial void NotTold(ILogger logger, Exception exception);
    }
}
