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
/// <param name="refusal">Why an engine may not start in a pool that has room, such as a quota that is used; null: it may. It holds up nobody else.</param>
public sealed class PoolAdmission(
    IReadOnlyList<Pool> pools, Func<GroupId, double> weightOf, TimeSpan overtaking, Func<PoolRequest, Pool, string?>? refusal = null)
{
    /// <summary>What each step of priority is worth in waiting: who has waited longer goes first all the same, so that nobody starves.</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromHours(1);

    /// <summary>A group that was given no share goes after all others.</summary>
    private const double LeastWeight = 1e-6;

    private readonly Dictionary<EngineId, PoolGrant> _granted = [];
    private readonly HashSet<EngineId> _starting = [];
    private readonly Dictionary<string, long> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GrantPace> _paces = new(StringComparer.Ordinal);
    private readonly Dictionary<GroupId, double> _held = [];
    private readonly Dictionary<EngineId, Waiter> _waiting = [];
    private readonly Dictionary<GroupId, SortedSet<Waiter>> _lines = [];
    private IReadOnlyList<Pool> _pools = pools;
    private long _asked;

    private sealed record Waiter(PoolRequest Request, long Number, DateTimeOffset Since) : IComparable<Waiter>
    {
        public int CompareTo(Waiter? other) => Place.CompareTo(other!.Place);

        private (DateTimeOffset, long) Place => (Since - (Request.Priority * HeadStart), Number);
    }

    /// <summary>Between groups: who holds least of its share goes first, then who came first.</summary>
    private readonly record struct Turn(double Share, DateTimeOffset Since, long Number) : IComparable<Turn>
    {
        public int CompareTo(Turn other) => (Share, Since, Number).CompareTo((other.Share, other.Since, other.Number));
    }

    public int Waiting => _waiting.Count;

    public IReadOnlyCollection<PoolGrant> Granted => _granted.Values;

    /// <summary>Less than nothing where its capacity was lowered below what is in use.</summary>
    public long FreeIn(Pool pool) => pool.Capacity - _used.GetValueOrDefault(pool.Name);

    /// <summary>GPUs that the group has now.</summary>
    public double HeldBy(GroupId group) => _held.GetValueOrDefault(group);

    /// <summary>From now on these are the pools. What runs goes on wherever it is; nothing starts where there is no room, or no pool, any more.</summary>
    public void Update(IReadOnlyList<Pool> pools) => _pools = pools;

    /// <summary>Asking again keeps the place.</summary>
    /// <param name="since">Since when it has been waiting.</param>
    public void Ask(PoolRequest request, DateTimeOffset since)
    {
        if (_granted.ContainsKey(request.Engine))
            return;
        var waiter = Leave(request.Engine) is { } known ? known with { Request = request } : new(request, _asked++, since);
        _waiting[request.Engine] = waiter;
        if (!_lines.TryGetValue(request.Group, out var line))
            _lines[request.Group] = line = [];
        line.Add(waiter);
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
        if (_starting.Remove(engine))
            _starts[_granted[engine].Pool.Name]--;
    }

    /// <summary>Gives back compute, or a place in the queue.</summary>
    public void Release(EngineId engine)
    {
        Leave(engine);
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
        var turns = Turns(_held);
        while (turns.TryDequeue(out var line, out _))
        {
            var request = line.Current.Request;
            if (Find(request, kept, out var cause, out _) is { } grant)
            {
                Take(grant);
                _starting.Add(grant.Engine);
                _starts[grant.Pool.Name] = _starts.GetValueOrDefault(grant.Pool.Name) + 1;
                served.Add(grant);
            }
            else if (cause is not (WaitCause.Refused or WaitCause.NoPool))
            {
                // Its group has had its turn: others may take what is too little for it, but not for ever.
                if (now - line.Current.Since >= overtaking && NearestTo(request, kept) is { } pool)
                    kept.Add(pool.Name);
                continue;
            }

            Advance(turns, line, _held);
        }

        foreach (var grant in served)
        {
            Leave(grant.Engine);
            PaceOf(grant.Pool.Name).Granted(grant.Gpus, now);
        }

        return served;
    }

    /// <summary>Who waits, in the order in which they would be served if all asked for the same.</summary>
    public IReadOnlyList<EngineId> Order() => [.. InOrder().Select(waiter => waiter.Request.Engine)];

    /// <summary>Who waits, in that order, and why each does.</summary>
    public IReadOnlyList<PoolWait> Waits(DateTimeOffset now)
    {
        var waits = new List<PoolWait>(_waiting.Count);
        var ahead = new Dictionary<string, (int Engines, double Gpus)>(StringComparer.Ordinal);
        var paces = _pools.ToDictionary(pool => pool.Name, pool => PaceOf(pool.Name).At(now), StringComparer.Ordinal);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var waiter in InOrder())
        {
            var request = waiter.Request;
            var possible = _pools.Where(pool => request.UnitsOf(pool) <= pool.Capacity).ToList();
            var before = possible.Count == 0 ? default : ahead.GetValueOrDefault(possible[0].Name);
            if (Find(request, kept, out var cause, out var refused) is not null)
                cause = WaitCause.Kept;
            var estimate = cause is WaitCause.Refused or WaitCause.NoPool ? null : EstimateFor(request, possible, before.Gpus, paces);
            waits.Add(new(request.Engine, before.Engines, cause, possible.FirstOrDefault()?.Name, refused, estimate));
            if (cause == WaitCause.NoRoom && now - waiter.Since >= overtaking && NearestTo(request, kept) is { } pool)
                kept.Add(pool.Name);
            foreach (var one in possible)
            {
                var (engines, gpus) = ahead.GetValueOrDefault(one.Name);
                ahead[one.Name] = (engines + 1, gpus + one.GpusOf(request.UnitsOf(one)!.Value));
            }
        }

        return waits;
    }

    private IEnumerable<Waiter> InOrder()
    {
        var held = new Dictionary<GroupId, double>(_held);
        var turns = Turns(held);
        while (turns.TryDequeue(out var line, out _))
        {
            var waiter = line.Current;
            held[waiter.Request.Group] = held.GetValueOrDefault(waiter.Request.Group) + GpusOf(waiter.Request);
            Advance(turns, line, held);
            yield return waiter;
        }
    }

    /// <summary>The groups' lines, each at its head; whose turn it is comes first.</summary>
    private PriorityQueue<IEnumerator<Waiter>, Turn> Turns(Dictionary<GroupId, double> held)
    {
        var turns = new PriorityQueue<IEnumerator<Waiter>, Turn>(_lines.Count);
        foreach (var line in _lines.Values)
            Advance(turns, line.GetEnumerator(), held);
        return turns;
    }

    private void Advance(PriorityQueue<IEnumerator<Waiter>, Turn> turns, IEnumerator<Waiter> line, Dictionary<GroupId, double> held)
    {
        if (!line.MoveNext())
            return;
        var group = line.Current.Request.Group;
        turns.Enqueue(line, new(held.GetValueOrDefault(group) / Math.Max(weightOf(group), LeastWeight), line.Current.Since, line.Current.Number));
    }

    /// <summary>The first pool that has room for it; else why there is none.</summary>
    private PoolGrant? Find(PoolRequest request, HashSet<string> kept, out WaitCause cause, out string? refused)
    {
        (cause, refused) = (WaitCause.NoPool, null);
        foreach (var pool in _pools)
        {
            if (request.UnitsOf(pool) is not { } units || units > pool.Capacity)
                continue;
            var hindrance = units > FreeIn(pool) ? WaitCause.NoRoom
                : kept.Contains(pool.Name) ? WaitCause.Kept
                : pool.StartsAtOnce > 0 && _starts.GetValueOrDefault(pool.Name) >= pool.StartsAtOnce ? WaitCause.Starts
                : WaitCause.Refused;
            if (hindrance == WaitCause.Refused)
            {
                if (refusal?.Invoke(request, pool) is not { } words)
                {
                    refused = null;
                    return new(request.Engine, request.Group, pool, units);
                }

                refused ??= words;
            }

            // The first pool's is told, but that a refusal, which time alone does not end, goes before.
            if (cause == WaitCause.NoPool || hindrance == WaitCause.Refused)
                cause = hindrance;
        }

        return null;
    }

    /// <summary>Of the pools that are too full for it, the one that lacks least.</summary>
    private Pool? NearestTo(PoolRequest request, HashSet<string> kept) => _pools
        .Where(pool => request.UnitsOf(pool) is { } units && units <= pool.Capacity && units > FreeIn(pool) && !kept.Contains(pool.Name))
        .MinBy(pool => request.UnitsOf(pool) - FreeIn(pool));

    private TimeSpan? EstimateFor(PoolRequest request, List<Pool> possible, double ahead, Dictionary<string, double> paces)
    {
        var free = possible.Sum(pool => pool.GpusOf(Math.Max(0, FreeIn(pool))));
        var pace = possible.Sum(pool => paces[pool.Name]);
        return pace <= 0 ? null : TimeSpan.FromHours(Math.Max(0, ahead + GpusOf(request) - free) / pace);
    }

    private Waiter? Leave(EngineId engine)
    {
        if (!_waiting.Remove(engine, out var waiter))
            return null;
        var line = _lines[waiter.Request.Group];
        line.Remove(waiter);
        if (line.Count == 0)
            _lines.Remove(waiter.Request.Group);
        return waiter;
    }

    private void Take(PoolGrant grant)
    {
        _granted[grant.Engine] = grant;
        _used[grant.Pool.Name] = _used.GetValueOrDefault(grant.Pool.Name) + grant.Units;
        _held[grant.Group] = _held.GetValueOrDefault(grant.Group) + grant.Gpus;
    }

    /// <summary>By the pool that it would rather have.</summary>
    private double GpusOf(PoolRequest request) =>
        _pools.FirstOrDefault(pool => request.UnitsOf(pool) is not null) is { } pool ? pool.GpusOf(request.UnitsOf(pool)!.Value) : 0;

    private GrantPace PaceOf(string pool) => _paces.TryGetValue(pool, out var pace) ? pace : _paces[pool] = new();
}
