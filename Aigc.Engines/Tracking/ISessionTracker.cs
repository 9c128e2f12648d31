using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Tracking;

/// <summary>
/// What proxies, APIs and workers share while the product runs: routes, sign-ins, one-time codes and leases.
/// Everything in it can be rebuilt from the database and the runtime.
/// </summary>
public interface ISessionTracker
{
    /// <summary>These are all routes there are: replaces what was there. Every watcher gets one <see cref="TrackerChange.Snapshot"/>.</summary>
    /// <exception cref="NotLeadingException">The tracker has seen a newer term.</exception>
    Task BeginTermAsync(Term term, IReadOnlyCollection<Route> routes, CancellationToken cancellationToken);

    /// <exception cref="NotLeadingException">The tracker has seen a newer term.</exception>
    Task PublishRouteAsync(Route route, Term term, CancellationToken cancellationToken);

    /// <exception cref="NotLeadingException">The tracker has seen a newer term.</exception>
    Task RemoveRouteAsync(EngineId engine, Term term, CancellationToken cancellationToken);

    /// <summary>Begins with a <see cref="TrackerChange.Snapshot"/>; goes on until cancelled, across outages.</summary>
    IAsyncEnumerable<TrackerChange> WatchAsync(CancellationToken cancellationToken);

    Task PutSignInAsync(SignIn signIn, CancellationToken cancellationToken);

    /// <summary>The sign-in, unless it is unknown here or has expired.</summary>
    Task<SignIn?> FindSignInAsync(SignInKey key, CancellationToken cancellationToken);

    /// <summary>Forgets the sign-in and its children, and tells every watcher.</summary>
    Task RevokeSignInAsync(SignInKey key, CancellationToken cancellationToken);

    Task PutCodeAsync(OneTimeCode code, CancellationToken cancellationToken);

    /// <summary>Takes the code out: of any number of callers one gets it, the others null, as for an expired one.</summary>
    Task<OneTimeCode?> TakeCodeAsync(SignInKey key, CancellationToken cancellationToken);

    /// <summary>Replaces this proxy's word on these engines. Its open leases vanish by themselves after <see cref="LeaseLifetime"/> of silence.</summary>
    Task ReportLeasesAsync(string proxy, IReadOnlyCollection<LeaseReport> reports, CancellationToken cancellationToken);

    /// <summary>The activity of all engines that any proxy has ever reported and nobody has removed.</summary>
    Task<IReadOnlyDictionary<EngineId, EngineActivity>> GetActivityAsync(CancellationToken cancellationToken);

    /// <summary>How long a silent proxy's open leases count.</summary>
    static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(15);
}
