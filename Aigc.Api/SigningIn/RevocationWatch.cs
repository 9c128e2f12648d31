using Aigc.Engines.Tracking;

namespace Aigc.Api.SigningIn;

/// <summary>Forgets sign-ins that were ended elsewhere, and tells of those that could not be told.</summary>
public sealed partial class RevocationWatch(
    ISessionTracker tracker, SignIns signIns, Revocations revocations, Endings endings, TimeProvider time, ILogger<RevocationWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchAsync(stoppingToken), RepeatAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in tracker.WatchAsync(stoppingToken))
        {
            switch (change)
            {
                case TrackerChange.SignInRevoked revoked:
                    signIns.Forget(revoked.Key);
                    endings.Tell(revoked.Key);
                    break;
                case TrackerChange.PersonChanged changed:
                    signIns.Forget(changed.User);
                    break;
                case TrackerChange.Snapshot snapshot:
                    // After a gap: a revocation may have been missed here, and one of ours lost there.
                    signIns.ForgetAll();
                    await revocations.TellAgainAsync(all: !snapshot.Complete, stoppingToken);
                    break;
            }
        }
    }

    private async Task RepeatAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Again, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (revocations.Pending)
                await revocations.TellAgainAsync(all: false, stoppingToken);
            await ShareAgainAsync(stoppingToken);
        }
    }

    private async Task ShareAgainAsync(CancellationToken stoppingToken)
    {
        try
        {
            await signIns.ShareAgainAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The database is away as well; again in a second.
            Log.NotShared(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Changed sign-ins could not be shared; again in a second")]
        public static partial void NotShared(ILogger logger, Exception exception);
    }
}
