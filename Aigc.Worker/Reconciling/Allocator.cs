using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;

namespace Aigc.Worker.Reconciling;

/// <summary>
/// Who has compute, where, and who waits for it. Engines that need what pools supply are served by them; all others by the runtime's own
/// bound, which is a pool without a name. Whoever moves up is looked at again.
/// </summary>
public sealed class Allocator
{
    /// <summary>How long an engine that needs much may be overtaken by those that need little.</summary>
    private static readonly TimeSpan Overtaking = TimeSpan.FromMinutes(10);

    /// <summary>How old the places may be that people are told.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    /// <summary>A queue that is longer is counted only when what is known is older than that.</summary>
    private const int CountedAtOnce = 100;

    private const string Places = "places";
    private static readonly Dictionary<string, long> OnePlace = new() { [Places] = 1 };

    private readonly PendingWork<EngineId> _queue;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Pool _own;
    private readonly PoolAdmission _ownRoom;
    private readonly PoolAdmission _pooled;
    private readonly Dictionary<EngineId, Waiter> _waiting = [];
    private readonly Dictionary<EngineId, Holder> _holding = [];
    private readonly GpuUse _use = new();
    private IReadOnlyList<Pool> _pools = [];
    private QuotaRules _quotas = QuotaRules.None;
    private Shares _shares = Shares.Equal;
    private Dictionary<EngineId, PoolWait> _waits = [];
    private long _waitsAt;
    private bool _moved = true;
    private bool _serving;

    private sealed record Waiter(Engine Engine, EngineNeeds Needs, string? Told = null);

    private sealed record Holder(Engine? Engine, Placement Placement, bool SharesMemory);

    /// <param name="places">How many engines the runtime has room for; null: it queues by itself.</param>
    public Allocator(int? places, PendingWork<EngineId> queue, TimeProvider time)
    {
        (_queue, _time) = (queue, time);
        _own = new("", Places, places ?? long.MaxValue / 2);
        _ownRoom = new([_own], group => _shares.WeightOf(group), Overtaking);
        _pooled = new([], group => _shares.WeightOf(group), Overtaking, Refuse);
    }

    /// <summary>Where the engine's compute is, or shall be; null: it has none.</summary>
    public Placement? PlacementOf(EngineId engine)
    {
        lock (_lock)
            return _holding.GetValueOrDefault(engine)?.Placement;
    }

    /// <summary>The pool that the engine's compute is in; null: none that has a name.</summary>
    public Pool? PoolOf(EngineId engine)
    {
        lock (_lock)
            return _holding.GetValueOrDefault(engine) is { Placement.Pool: { Length: > 0 } name } ? _pools.FirstOrDefault(pool => pool.Name == name) : null;
    }

    /// <summary>From now on these are the pools and the rules. What runs goes on.</summary>
    public void Update(IReadOnlyList<Pool> pools, QuotaRules quotas, Shares shares)
    {
        lock (_lock)
        {
            (_pools, _quotas, _shares) = ([.. pools.Select(pool => pool.Closed ? pool with { Capacity = 0 } : pool)], quotas, shares);
            _pooled.Update(_pools);
            foreach (var waiter in _waiting.Values.ToList())
                Enter(waiter);
            Serve();
        }
    }

    /// <summary>Null: the engine has compute. Asking again keeps the place.</summary>
    public QueuePlace? Ask(Engine engine, EngineNeeds needs)
    {
        lock (_lock)
        {
            if (_holding.ContainsKey(engine.Id))
                return null;
            if (!_waiting.TryGetValue(engine.Id, out var known) || known.Engine.AskedPool != engine.AskedPool || known.Engine.IsAhead != engine.IsAhead || known.Engine.TemplateVersion != engine.TemplateVersion)
            {
                Enter(known = new(engine, needs, known?.Told));
                Serve();
                if (_holding.ContainsKey(engine.Id))
                    return null;
            }

            var place = PlaceOf(known);
            _waiting[engine.Id] = known with { Told = place.ToDetail() };
            return place;
        }
    }

    /// <summary>The engine has compute already, in the pool that its row says, whatever that pool's capacity.</summary>
    public void Adopt(Engine engine) => Adopt(engine.Id, engine);

    /// <summary>Compute that no row owns.</summary>
    public void AdoptStray(EngineId engine) => Adopt(engine, null);

    /// <summary>Whether people's engines wait for room.</summary>
    public bool IsScarce
    {
        get
        {
            lock (_lock)
                return _waiting.Values.Any(waiter => !waiter.Engine.IsAhead);
        }
    }

    /// <summary>How much of each pool is free, by its name.</summary>
    public IReadOnlyDictionary<string, PoolRoom> Rooms()
    {
        lock (_lock)
            return _pools.Where(pool => pool.Capacity > 0).ToDictionary(pool => pool.Name, RoomOf, StringComparer.Ordinal);
    }

    private PoolRoom RoomOf(Pool pool)
    {
        var isWaitedFor = _waiting.Values.Any(waiter => !waiter.Engine.IsAhead && waiter.Needs.Of(pool) is not null);
        return new(isWaitedFor ? 0 : Math.Max(0, (double)_pooled.FreeIn(pool) / pool.Capacity), isWaitedFor);
    }

    /// <summary>Gives a spare's place to an engine that has none, unless others wait or a quota is against it.</summary>
    public bool TakeOver(Engine engine, EngineId spare)
    {
        lock (_lock)
        {
            if (_holding.ContainsKey(engine.Id) || !_holding.TryGetValue(spare, out var given) || _waiting.Values.Any(waiter => !waiter.Engine.IsAhead && waiter.Engine.Id != engine.Id))
                return false;
            var place = given.Placement;
            if ((engine.AskedPool is { } asked && asked != place.Pool) || _quotas.RefusalOf(engine.Owner, engine.Group, place, given.SharesMemory, _use) is not null)
                return false;
            Leave(spare);
            Adopt(engine.Id, engine with { Pool = place.Pool, PoolUnits = place.Units, PoolWhy = null });
            return true;
        }
    }

    /// <summary>It is ready, or on its way no more: the next one may start.</summary>
    public void Started(EngineId engine)
    {
        lock (_lock)
        {
            _pooled.Started(engine);
            _ownRoom.Started(engine);
            Serve();
        }
    }

    /// <summary>Gives the engine's compute, or its place, back.</summary>
    public void Release(EngineId engine)
    {
        lock (_lock)
        {
            Leave(engine);
            Serve();
        }
    }

    /// <summary>Lets all be looked at that are to be told something new. The queue moves with what others do, and with time.</summary>
    public void Tell()
    {
        lock (_lock)
        {
            Serve();
            foreach (var waiter in _waiting.Values.Where(waiter => PlaceOf(waiter).ToDetail() != waiter.Told).ToList())
                _queue.Enqueue(waiter.Engine.Id);
        }
    }

    private void Adopt(EngineId id, Engine? engine)
    {
        lock (_lock)
        {
            if (_holding.ContainsKey(id))
                return;
            Leave(id);
            var pool = engine is { PoolUnits: > 0, Pool: { } name } ? _pools.FirstOrDefault(one => one.Name == name) : null;
            var grant = new PoolGrant(id, engine?.Group ?? default, pool ?? _own, pool is null ? 1 : engine!.PoolUnits);
            (pool is null ? _ownRoom : _pooled).Adopt(grant);
            Hold(engine, grant, engine?.PoolWhy);
            _use.Add(_holding[id].Engine, _holding[id].Placement, _holding[id].SharesMemory);
        }
    }

    private void Enter(Waiter waiter)
    {
        var (engine, needs) = (waiter.Engine, waiter.Needs);
        var possible = _pools.Where(pool => needs.Of(pool) is not null).ToList();
        var isPooled = possible.Count > 0;
        (isPooled ? _ownRoom : _pooled).Release(engine.Id);
        var allowed = possible.Where(pool => engine.AskedPool is { } asked && possible.Exists(one => one.Name == asked) ? pool.Name == asked : !pool.OnRequest);
        var request = new PoolRequest(
            engine.Id, engine.Group, isPooled ? needs.Units : OnePlace, _shares.PriorityOf(engine.Owner), isPooled ? allowed.Select(pool => pool.Name).ToHashSet(StringComparer.Ordinal) : null);
        (isPooled ? _pooled : _ownRoom).Ask(request, engine.AskedAt ?? _time.GetUtcNow());
        _waiting[engine.Id] = waiter;
        _moved = true;
    }

    private void Leave(EngineId engine)
    {
        _waiting.Remove(engine);
        _pooled.Release(engine);
        _ownRoom.Release(engine);
        if (_holding.Remove(engine, out var holder))
            _use.Remove(holder.Engine, holder.Placement, holder.SharesMemory);
        _moved = true;
    }

    private void Serve()
    {
        if (_waiting.Count == 0)
            return;
        var now = _time.GetUtcNow();
        _serving = true;
        var grants = _pooled.Serve(now);
        _serving = false;
        foreach (var grant in grants.Concat(_ownRoom.Serve(now)))
        {
            _waiting.Remove(grant.Engine, out var waiter);
            Hold(waiter!.Engine, grant, WhyThere(waiter, grant.Pool));
            _moved = true;
            _queue.Enqueue(grant.Engine);
        }
    }

    private void Hold(Engine? engine, PoolGrant grant, string? why) => _holding[grant.Engine] = new(
        engine, new(grant.Pool.Name, grant.Units, grant.Pool == _own ? 0 : grant.Pool.MilliGpusOf(grant.Units), why), grant.Pool.SharesMemory);

    /// <summary>Asked by the admission right before it grants.</summary>
    private string? Refuse(PoolRequest request, Pool pool)
    {
        var engine = _waiting[request.Engine].Engine;
        var units = request.UnitsOf(pool)!.Value;
        var placement = new Placement(pool.Name, units, pool.MilliGpusOf(units));
        if (!engine.IsSpare && _quotas.RefusalOf(engine.Owner, engine.Group, placement, pool.SharesMemory, _use) is { } used)
            return used.ToDetail();
        if (_serving)
            _use.Add(engine, placement, pool.SharesMemory);
        return null;
    }

    /// <summary>What kept it out of the pools that are preferred to this one.</summary>
    private string? WhyThere(Waiter waiter, Pool taken)
    {
        if (taken == _own)
            return null;
        if (waiter.Engine.AskedPool == taken.Name)
            return PoolWords.Asked;
        return PoolWords.Passed(
            from pool in _pools.TakeWhile(pool => pool.Name != taken.Name)
            where !pool.OnRequest && !pool.Closed
            let units = waiter.Needs.Of(pool)
            where units is not null
            select (pool.Name, units > pool.Capacity ? WaitCause.NoPool : units > _pooled.FreeIn(pool) ? WaitCause.NoRoom : pool.StartsAtOnce > 0 ? WaitCause.Starts : WaitCause.Kept));
    }

    private QueuePlace PlaceOf(Waiter waiter)
    {
        if (_time.GetElapsedTime(_waitsAt) >= Freshness || (_moved && _waiting.Count <= CountedAtOnce))
        {
            var now = _time.GetUtcNow();
            _waits = _pooled.Waits(now).Concat(_ownRoom.Waits(now)).ToDictionary(wait => wait.Engine);
            (_waitsAt, _moved) = (_time.GetTimestamp(), false);
        }

        if (!_waits.TryGetValue(waiter.Engine.Id, out var wait))
            return new(QueuePlace.Rounded(_waiting.Count));
        var position = QueuePlace.Rounded(wait.Ahead + 1);
        if (wait.Pool == _own.Name)
            return new(position);
        var other = _pools.FirstOrDefault(pool => pool.Name != wait.Pool && !pool.Closed && waiter.Needs.Of(pool) is { } units && units <= _pooled.FreeIn(pool)
            && wait.Cause is WaitCause.NoRoom or WaitCause.NoPool or WaitCause.Starts && pool.Name != waiter.Engine.AskedPool);
        return new(position, wait.Cause, wait.Pool, QueuePlace.Rounded(wait.Estimate), other?.Name, wait.Refusal);
    }
}
