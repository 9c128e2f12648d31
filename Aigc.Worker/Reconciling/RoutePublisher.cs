using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Route = Aigc.Engines.Tracking.Route;

namespace Aigc.Worker.Reconciling;

/// <summary>Tells the proxies, through the session tracker, where each engine is; only what changed.</summary>
public sealed class RoutePublisher(ISessionTracker tracker, WorkerStatus status)
{
    private readonly ConcurrentDictionary<EngineId, Route> _published = new();

    public async Task PublishAsync(Engine engine, Template? template, bool draining, CancellationToken cancellationToken)
    {
        var route = new Route
        {
            Engine = engine.Id,
            Host = engine.Host,
            Owner = engine.Owner,
            Group = engine.Group,
            Title = template?.Title ?? new(engine.Template),
            State = engine.State,
            Reason = draining && engine.State == EngineState.Ready ? new(Reasons.Draining) : engine.Reason,
            Since = engine.StateSince,
            Address = engine.State == EngineState.Ready && !draining ? engine.Address : null,
            Draining = draining && engine.State == EngineState.Ready,
            Activity = template?.Activity ?? new(),
            Generation = engine.Generation,
        };
        if (_published.TryGetValue(engine.Id, out var before) && Same(before, route))
            return;
        await tracker.PublishRouteAsync(route, status.Term, cancellationToken);
        _published[engine.Id] = route;
    }

    /// <summary>Puts back what the tracker has lost, and takes out what no engine stands behind any more.</summary>
    /// <param name="engines">All there are.</param>
    public async Task RepairAsync(IReadOnlySet<EngineId> engines, CancellationToken cancellationToken)
    {
        await foreach (var change in tracker.WatchAsync(cancellationToken))
        {
            var tracked = ((TrackerChange.Snapshot)change).Routes.ToDictionary(route => route.Engine);
            foreach (var stray in tracked.Keys.Where(engine => !engines.Contains(engine)))
                await tracker.RemoveRouteAsync(stray, status.Term, cancellationToken);
            foreach (var (engine, route) in _published)
            {
                if (!tracked.TryGetValue(engine, out var there) || !Same(there, route))
                    await tracker.PublishRouteAsync(route, status.Term, cancellationToken);
            }

            return;
        }
    }

    private static bool Same(Route one, Route other) =>
        one with { Activity = other.Activity } == other
        && one.Activity.WebSocketsFromBrowserOnly == other.Activity.WebSocketsFromBrowserOnly
        && (one.Activity.IgnorePaths ?? []).SequenceEqual(other.Activity.IgnorePaths ?? []);

    public async Task RemoveAsync(EngineId engine, CancellationToken cancellationToken)
    {
        await tracker.RemoveRouteAsync(engine, status.Term, cancellationToken);
        _published.TryRemove(engine, out _);
    }
}
