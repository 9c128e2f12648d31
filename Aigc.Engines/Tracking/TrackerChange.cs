using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Tracking;

/// <summary>What a watcher of the session tracker is told.</summary>
public abstract record TrackerChange
{
    /// <summary>Everything known, at the start and after each gap: replaces what was known before.</summary>
    /// <param name="Complete">
    /// False: no worker stands behind this, because none has begun a term yet, or the tracker was emptied or started anew.
    /// The leading worker then begins its term again; everybody else keeps what they know until the complete one.
    /// </param>
    public sealed record Snapshot(IReadOnlyList<Route> Routes, bool Complete = true) : TrackerChange;

    public sealed record RouteChanged(Route Route) : TrackerChange;

    public sealed record RouteRemoved(EngineId Engine) : TrackerChange;

    /// <summary>The sign-in and its children end now.</summary>
    public sealed record SignInRevoked(SignInKey Key) : TrackerChange;

    /// <summary>The provider says something else of this person: what is remembered of their sign-ins and tokens is to be asked for again.</summary>
    public sealed record PersonChanged(UserId User) : TrackerChange;
}
