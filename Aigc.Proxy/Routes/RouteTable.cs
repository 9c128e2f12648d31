using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;

namespace Aigc.Proxy.Routes;

/// <summary>The tracker's routes in memory, by host label. Written by <see cref="RouteWatcher"/>, read by every request.</summary>
public sealed class RouteTable
{
    /// <summary>How long the API's word on a new engine stands against a snapshot that was taken before the engine was there.</summary>
    private static readonly TimeSpan NewFor = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly Dictionary<EngineId, long> _fromApi = [];
    private readonly Lock _writing = new();
    private readonly Dictionary<EngineId, LiveEngine> _byId = [];
    private readonly ConcurrentDictionary<string, LiveEngine> _byHost = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, LiveEngine>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public RouteTable(TimeProvider time)
    {
        _time = time;
        _lookup = _byHost.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether the tracker has answered once: with everything, or that it waits for a worker too.</summary>
    public bool Told { get; private set; }

    /// <summary>Whether a worker stands behind what the tracker told last.</summary>
    public bool Complete { get; private set; }

    public IEnumerable<LiveEngine> Engines => _byHost.Select(entry => entry.Value);

    public LiveEngine? Find(ReadOnlySpan<char> label) => _lookup.TryGetValue(label, out var engine) ? engine : null;

    /// <summary>The route, with the engine's place where it waits for the cluster's room.</summary>
    public Route Placed(Route route) => RoomWaiter.Of(route) is { } waiter
        ? route with { Reason = route.Reason with { Ahead = waiter.AheadAmong(Engines.Select(engine => RoomWaiter.Of(engine.Route)).OfType<RoomWaiter>()) } }
        : route;

    public void Replace(IReadOnlyList<Route> routes)
    {
        lock (_writing)
        {
            var known = routes.Select(route => route.Engine).ToHashSet();
            foreach (var gone in _byId.Keys.Where(id => !known.Contains(id) && !IsNew(id)).ToList())
                Remove(gone);
            foreach (var route in routes)
                Put(route);
            foreach (var (id, _) in _fromApi.Where(entry => !IsNew(entry.Key)).ToList())
                _fromApi.Remove(id);
            Told = Complete = true;
        }
    }

    /// <summary>The tracker is new or was emptied. Engines that are known go on being served; the API knows the others.</summary>
    public void KeepUntilTold() => (Told, Complete) = (true, false);

    public void Put(Route route)
    {
        lock (_writing)
        {
            _fromApi.Remove(route.Engine);
            if (_byId.TryGetValue(route.Engine, out var engine))
            {
                if (engine.Route.Host != route.Host)
                    _byHost.TryRemove(new(engine.Route.Host, engine));
                engine.Put(route);
            }
            else
            {
                _byId[route.Engine] = engine = new(route, _time);
            }
            _byHost[route.Host] = engine;
        }
    }

    /// <summary>What the API told of an engine that the tracker has not told of yet; never overwrites the tracker's word.</summary>
    public void PutIfUnknown(Route route)
    {
        lock (_writing)
        {
            if (_byId.ContainsKey(route.Engine))
                return;
            Put(route);
            _fromApi[route.Engine] = _time.GetTimestamp();
        }
    }

    private bool IsNew(EngineId id) => _fromApi.TryGetValue(id, out var at) && _time.GetElapsedTime(at) < NewFor;

    public void Remove(EngineId id)
    {
        lock (_writing)
        {
            _fromApi.Remove(id);
            if (!_byId.Remove(id, out var engine))
                return;
            _byHost.TryRemove(new(engine.Route.Host, engine));
            engine.Remove();
        }
    }
}
