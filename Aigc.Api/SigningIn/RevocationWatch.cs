using Aigc.Engines.Tracking;

namespace Aigc.Api.SigningIn;

/// <summary>Forgets sign-ins that were ended elsewhere.</summary>
public sealed class RevocationWatch(ISessionTracker tracker, SignIns signIns) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in tracker.WatchAsync(stoppingToken))
        {
            switch (change)
            {
                case TrackerChange.SignInRevoked revoked:
                    signIns.Forget(revoked.Key);
                    break;
                case TrackerChange.Snapshot:
                    // After a gap: a revocation may have been missed.
                    signIns.ForgetAll();
                    break;
            }
        }
    }
}
