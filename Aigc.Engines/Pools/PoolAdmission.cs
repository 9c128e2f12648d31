using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Pools;

/// <summary>
/// Who gets compute next, and where. Groups that wait share what becomes free by their weights; within a group the highest priority goes
/// first, then who came first. An engine takes the first pool that has room for it; one that is too large for what is free may be
/// overtaken for a while, then what becomes free is kept for it.
/// </summary>
/// <param name="pools">In order of preference.</param>
/// <param name="weightOf">A group's share beside the others'.</param>
/// <param name="overtaking">How long a large request may be overtaken by smaller ones.</param>
public sealed class PoolAdmission(IReadOnlyList<Pool> pools, Func<GroupId, double> weightOf, TimeSpan overtaking)
{
    private readonly Dictionary<EngineId, PoolGrant> _granted = [];
    private readonly Dictionary<EngineId, Waiter> _waiting = [];
    private readonly Dictionary<string, long> _used = pools.ToDictionary(pool => pool.Name, _ => 0L, StringComparer.Ordinal);
    private readonly Dictionary<string, int> _starting = pools.ToDictionary(pool => pool.Name, _ => 0, StringComparer.Ordinal);
    private readonly Dictionary<GroupId, double> _held = [];
    private long _asked;

    private sealed record Waiter(PoolRequest Request, long Number, DateTimeOffset Since);

    public int Waiting => _waiting.Count;

    public IReadOnlyCollection<PoolGrant> Granted => _granted.Values;

    public long FreeIn(Pool pool) => pool.Capacity - _used[pool.Name];

    /// <summary>GPUs that the group has now.</summary>
    public double HeldBy(GroupId group) => _held.GetValueOrDefault(group);

    /// <summary>Asking again keeps the place.</summary>
    public void Ask(PoolRequest request, DateTimeOffset now)
    {
        if (!_granted.ContainsKey(request.Engine))
            _waiting[request.Engine] = _waiting.TryGetValue(request.Engine, out var known) ? known with { Request = request } : new(request, _asked++, now);
    }

    /// <summary>What runs already, wherever that is and however much.</summary>
    public void Adopt(PoolGrant grant)
    {
        Release(grant.Engine);
        Take(grant);
    }

    /// <summary>An engine is ready, or on its way no more: another may start.</summary>
    public void Started(EngineId engine)
    {
        if (_granted.TryGetValue(engine, out var grant) && _onTheWay.Remove(engine))
            _starting[grant.Pool.Name]--;
    }

    /// <summary>Gives back compute, or a place in the queue.</summary>
    public void Release(EngineId engine)
    {
        _waiting.Remove(engine);
        Started(engine);
        if (!_granted.Remove(engine, out var grant))
            return;
        _used[grant.Pool.Name] -= grant.Units;
        _held[grant.Group] -= grant.Gpus;
    }

    /// <summary>Grants what can be granted now.</summary>
    public IReadOnlyList<PoolGrant> Serve(DateTimeOffset now)
    {
        if (_waiting.Count == 0)
            return [];
        var served = new List<PoolGrant>();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var lines = Lines();
        while (Next(lines, _held) is { } line)
        {
            var waiter = line.Peek();
            if (Fit(waiter.Request, kept) is { } grant)
            {
                line.Dequeue();
                _waiting.Remove(grant.Engine);
                Take(grant);
                _onTheWay.Add(grant.Engine);
                _starting[grant.Pool.Name]++;
                served.Add(grant);
                continue;
            }

            // Its group has had its turn: others may take what is too little for it, but not for ever.
            if (now - waiter.Since >= overtaking)
                kept.UnionWith(pools.Where(pool => waiter.Request.Units.ContainsKey(pool.Resource)).Select(pool => pool.Name));
            lines.Remove(waiter.Request.Group);
        }

        return served;
    }

    /// <summary>Who waits, in the order in which they would be served if all asked for the same.</summary>
    public IReadOnlyList<EngineId> Order()
    {
        var order = new List<EngineId>(_waiting.Count);
        var lines = Lines();
        var held = new Dictionary<GroupId, double>(_held);
        while (Next(lines, held) is { } line)
        {
            var request = line.Dequeue().Request;
            order.Add(request.Engine);
            held[request.Group] = held.GetValueOrDefault(request.Group) + GpusOf(request);
        }

        return order;
    }

    private readonly HashSet<EngineId> _onTheWay = [];

    private Dictionary<GroupId, Queue<Waiter>> Lines() => _waiting.Values
        .GroupBy(waiter => waiter.Request.Group)
        .ToDictionary(group => group.Key, group => new Queue<Waiter>(group.OrderByDescending(waiter => waiter.Request.Priority).ThenBy(waiter => waiter.Number)));

    /// <summary>The line of the group that has least of its share.</summary>
    private Queue<Waiter>? Next(Dictionary<GroupId, Queue<Waiter>> lines, Dictionary<GroupId, double> held)
    {
        (Queue<Waiter> Line, double Share, long Number)? best = null;
        foreach (var (group, line) in lines)
        {
            if (!line.TryPeek(out var head))
                continue;
            var share = held.GetValueOrDefault(group) / weightOf(group);
            if (best is not { } found || share < found.Share || (share == found.Share && head.Number < found.Number))
                best = (line, share, head.Number);
        }

        return best?.Line;
    }

    private PoolGrant? Fit(PoolRequest request, HashSet<string> kept)
    {
        foreach (var pool in pools)
        {
            if (request.Units.TryGetValue(pool.Resource, out var units) && units <= FreeIn(pool) && !kept.Contains(pool.Name)
                && (pool.StartsAtOnce == 0 || _starting[pool.Name] < pool.StartsAtOnce))
                return new(request.Engine, request.Group, pool, units);
        }

        return null;
    }

    private void Take(PoolGrant grant)
    {
        _granted[grant.Engine] = grant;
        _used[grant.Pool.Name] = _used.GetValueOrDefault(grant.Pool.Name) + grant.Units;
        _held[grant.Group] = _held.GetValueOrDefault(grant.Group) + grant.Gpus;
    }

    /// <summary>By the pool that it would rather have.</summary>
    private double GpusOf(PoolRequest request) =>
        pools.FirstOrDefault(pool => request.Units.ContainsKey(pool.Resource)) is { } pool ? pool.GpusOf(request.Units[pool.Resource]) : 0;
}
