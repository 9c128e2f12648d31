using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Tracking;

/// <summary>
/// What proxies, APIs and workers share while the product runs: routes, sign-ins, one-time codes and leases.
/// Everything in it can be rebuilt from the database and the runtime.
/// A tracker that can't be reached throws <see cref="TrackerAwayException"/> within seconds.
/// </summary>
public interface ISessionTracker
{
    /// <summary>
    /// A worker leads now, and these are all routes: they replace what was there, in one step, and each watcher gets one
    /// complete <see cref="TrackerChange.Snapshot"/> of them. Again for the same term when the tracker has lost something.
    /// </summary>
    /// <exception cref="NotLeadingException">The tracker has seen a newer term.</exception>
    Task BeginTermAsync(Term term, IReadOnlyCollection<Route> routes, CancellationToken cancellationToken);

    /// <exception cref="NotLeadingException">The tracker has seen a newer term.</exception>
    Task PublishRouteAsync(Route route, Term term, CancellationToken cancellationToken);

    /// <exception cref="NotLeadingException">The tracker has seen a newer term.</exception>
    Task RemoveRouteAsync(EngineId engine, Term term, CancellationToken cancellationToken);

    /// <summary>Begins with a <see cref="TrackerChange.Snapshot"/>; goes on until cancelled, across outages.</summary>
    IAsyncEnumerable<TrackerChange> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Shares the sign-in, unless it or its parent was revoked a moment ago, or a newer revision is there: whoever read it before that is late.</summary>
    Task PutSignInAsync(SignIn signIn, CancellationToken cancellationToken);

    /// <summary>The sign-in, unless it is unknown here or has expired.</summary>
    Task<SignIn?> FindSignInAsync(SignInKey key, CancellationToken cancellationToken);

    /// <summary>Forgets the sign-in and its children, and tells every watcher.</summary>
    Task RevokeSignInAsync(SignInKey key, CancellationToken cancellationToken);

    /// <summary>Tells every watcher that this person's sign-ins have changed, which were shared before.</summary>
    Task TellPersonChangedAsync(UserId user, CancellationToken cancellationToken);

    Task PutCodeAsync(OneTimeCode code, CancellationToken cancellationToken);

    /// <summary>Takes the code out: of any number of callers one gets it, the others null, as for an expired one.</summary>
    Task<OneTimeCode?> TakeCodeAsync(SignInKey key, CancellationToken cancellationToken);

    /// <summary>Replaces this proxy's word on these engines. Its open leases vanish by themselves after <see cref="LeaseLifetime"/> of silence.</summary>
    Task ReportLeasesAsync(string proxy, IReadOnlyCollection<LeaseReport> reports, CancellationToken cancellationToken);

    /// <summary>The activity of all engines that any proxy has ever reported and nobody has removed.</summary>
    /// <exception cref="TrackerAwayException">Also when the tracker is new or was emptied, until all proxies have had the time to report.</exception>
    Task<IReadOnlyDictionary<EngineId, EngineActivity>> GetActivityAsync(CancellationToken cancellationToken);

    /// <summary>How long a silent proxy's open leases count.</summary>
    static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(15);
}
