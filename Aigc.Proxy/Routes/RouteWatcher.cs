using Aigc.Engines.Tracking;
using Aigc.Proxy.Leases;
using Aigc.Proxy.SignIns;

namespace Aigc.Proxy.Routes;

/// <summary>Applies what the tracker tells to routes and sign-ins. While the tracker is away, what is known stays in force.</summary>
public sealed partial class RouteWatcher(
    ISessionTracker tracker, RouteTable routes, SignInCache signIns, LeaseReporter leases, ProxyMetrics metrics, TimeProvider time, ILogger<RouteWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in tracker.WatchAsync(stoppingToken))
                {
                    Apply(change);
                    pause = TimeSpan.FromMilliseconds(100);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                metrics.Interrupted();
                Log.WatchFailed(logger, e, pause);
            }
            await Task.Delay(pause, time, stoppingToken);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
        }
    }

    private void Apply(TrackerChange change)
    {
        switch (change)
        {
            case TrackerChange.Snapshot snapshot:
                if (snapshot.Complete)
                    routes.Replace(snapshot.Routes);
                else
                    routes.KeepUntilTold();
                // A revocation may have been missed in the gap before, and what this proxy told may be lost.
                signIns.DoubtAll();
                leases.TellAgain();
                Log.Snapshot(logger, snapshot.Routes.Count, snapshot.Complete ? "" : "; it is not complete until a worker leads, so what is known stays");
                break;
            case TrackerChange.RouteChanged { Route: var route }:
                routes.Put(route);
                if (route.Draining)
                    leases.FlushSoon();
                break;
            case TrackerChange.RouteRemoved removed:
                routes.Remove(removed.Engine);
                break;
            case TrackerChange.SignInRevoked revoked:
                signIns.Revoke(revoked.Key);
                break;
            case TrackerChange.PersonChanged changed:
                signIns.Doubt(changed.User);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The tracker told of {Count} engines{Incomplete}")]
        public static partial void Snapshot(ILogger logger, int count, string incomplete);

        [LoggerMessage(2, LogLevel.Warning, "Watching the tracker failed, again in {Pause}")]
        public static partial void WatchFailed(ILogger logger, Exception exception, TimeSpan pause);
    }
}
