using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Pools;

namespace Aigc.Engines.Tests.Pools;

/// <summary>Over random histories of asking, starting, ending, and of pools and quotas that change meanwhile.</summary>
public sealed class PoolAdmissionProperties
{
    private const string Card = "nvidia.com/gpu";
    private const string Memory = "aliyun.com/gpu-mem";
    private const int Histories = 40;
    private const int Steps = 200;
    private static readonly TimeSpan Overtaking = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly GroupId[] Groups = [new("film"), new("games"), new("print"), new("web")];

    [Fact]
    public void Nothing_is_given_twice_or_beyond_what_there_is_or_a_quota_allows() => ForAll(history =>
    {
        for (var i = 0; i < Steps; i++)
        {
            history.Step();
            history.Serve();
            history.Check();
        }
    });

    [Fact]
    public void Whoever_can_be_served_at_all_is_once_the_others_have_ended() => ForAll(history =>
    {
        for (var i = 0; i < Steps; i++)
            history.Step();
        history.LiftQuotas();
        for (var round = 0; history.Admission.Waits(history.Now).Any(wait => wait.Cause != WaitCause.NoPool); round++)
        {
            round.ShouldBeLessThan(400, "somebody starves");
            history.EndAll();
            history.Serve();
        }

        history.Admission.Waits(history.Now).ShouldAllBe(wait => !history.CouldFit(wait.Engine), "only what no pool could ever hold waits in vain");
    });

    [Fact]
    public void Within_a_group_nobody_goes_first_who_asks_for_the_same_and_came_later_or_is_less_urgent() => ForAll(history =>
    {
        for (var i = 0; i < Steps; i++)
            history.Step();
        var order = history.Admission.Order();
        history.Admission.Waits(history.Now).Select(wait => wait.Engine).ShouldBe(order);
        foreach (var group in order.Select(engine => history.Asked[engine]).GroupBy(asked => asked.Request.Group))
            group.ShouldBe(group.OrderBy(asked => asked.Since - (asked.Request.Priority * PoolAdmission.HeadStart)).ThenBy(asked => asked.Number));
    });

    private static void ForAll(Action<History> holds)
    {
        for (var seed = 1; seed <= Histories; seed++)
        {
            try
            {
                holds(new(seed));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}: {exception.Message}", exception);
            }
        }
    }

    private sealed class History
    {
        private const long Quota = 7;
        private static readonly Pool[] AllPools =
        [
            new("studio", Card, 8, StartsAtOnce: 2), new("cloud", Card, 12, StartsAtOnce: 5), new("shared", Memory, 48, 24), new("spot", Card, 3, Spot: true),
        ];

        private readonly Random _random;
        private readonly EngineId[] _engines = [.. Enumerable.Range(0, 40).Select(_ => EngineId.New())];
        private readonly HashSet<EngineId> _starting = [];
        private Pool[] _pools = AllPools;
        private bool _quotas = true;
        private long _asks;

        public History(int seed)
        {
            _random = new(seed);
            Admission = new(_pools, group => Array.IndexOf(Groups, group) + 1, Overtaking, Refuse);
        }

        public PoolAdmission Admission { get; }
        public DateTimeOffset Now { get; private set; } = Begin;
        public Dictionary<EngineId, (PoolRequest Request, DateTimeOffset Since, long Number)> Asked { get; } = [];

        public void Step()
        {
            Now += TimeSpan.FromSeconds(_random.Next(90));
            var engine = _engines[_random.Next(_engines.Length)];
            switch (_random.Next(20))
            {
                case < 10:
                    Ask(engine);
                    break;
                case < 14:
                    End(engine);
                    break;
                case < 18:
                    Admission.Started(engine);
                    _starting.Remove(engine);
                    break;
                case 18:
                    // Removed with engines in them, made smaller than what is in use, and back again.
                    _pools = [.. AllPools.Where(_ => _random.Next(5) > 0).Select(pool => pool with { Capacity = _random.NextInt64(pool.Capacity + 1) })];
                    Admission.Update(_pools);
                    break;
                default:
                    _pools = AllPools;
                    Admission.Update(_pools);
                    break;
            }
        }

        public void Serve()
        {
            var waited = Asked.Keys.ToHashSet();
            foreach (var grant in Admission.Serve(Now))
            {
                waited.Remove(grant.Engine).ShouldBeTrue("it did not wait");
                var request = Asked[grant.Engine].Request;
                Asked.Remove(grant.Engine);
                _starting.Add(grant.Engine);
                _pools.ShouldContain(grant.Pool, "a pool that is not there any more");
                grant.Units.ShouldBe(request.Units[grant.Pool.Resource]);
                request.Pools?.ShouldContain(grant.Pool.Name);
                Admission.FreeIn(grant.Pool).ShouldBeGreaterThanOrEqualTo(0, "more than there is");
                if (_quotas)
                    Admission.HeldBy(grant.Group).ShouldBeLessThanOrEqualTo(Quota, "more than the quota");
                if (grant.Pool.StartsAtOnce > 0)
                    Admission.Granted.Count(one => one.Pool.Name == grant.Pool.Name && _starting.Contains(one.Engine)).ShouldBeLessThanOrEqualTo(grant.Pool.StartsAtOnce);
            }
        }

        public void Check()
        {
            Admission.Granted.Select(grant => grant.Engine).ShouldBeUnique();
            foreach (var pool in _pools)
                Admission.FreeIn(pool).ShouldBe(pool.Capacity - Admission.Granted.Where(grant => grant.Pool.Name == pool.Name).Sum(grant => grant.Units));
            foreach (var group in Groups)
                Admission.HeldBy(group).ShouldBe(Admission.Granted.Where(grant => grant.Group == group).Sum(grant => grant.Gpus), 1e-9);
            var waits = Admission.Waits(Now);
            waits.Select(wait => wait.Engine).ShouldBe(Asked.Keys, ignoreOrder: true);
            foreach (var wait in waits)
            {
                (wait.Cause == WaitCause.NoPool).ShouldBe(!CouldFit(wait.Engine));
                (wait.Cause == WaitCause.Refused).ShouldBe(wait.Refusal is not null);
                (wait.Pool is null).ShouldBe(wait.Cause == WaitCause.NoPool);
                wait.Estimate?.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
            }
        }

        public void LiftQuotas()
        {
            _quotas = false;
            _pools = AllPools;
            Admission.Update(_pools);
        }

        public void EndAll()
        {
            Now += Overtaking;
            foreach (var grant in Admission.Granted.ToList())
                End(grant.Engine);
        }

        public bool CouldFit(EngineId engine) => _pools.Any(pool => Asked[engine].Request.UnitsOf(pool) <= pool.Capacity);

        private void Ask(EngineId engine)
        {
            if (Admission.Granted.Any(grant => grant.Engine == engine))
                return;
            var known = Asked.TryGetValue(engine, out var before);
            var request = new PoolRequest(
                engine, known ? before.Request.Group : Groups[_random.Next(Groups.Length)], Units(), _random.Next(4) == 0 ? _random.Next(3) : 0,
                _random.Next(6) == 0 ? new HashSet<string> { AllPools[_random.Next(AllPools.Length)].Name } : null);
            Asked[engine] = known ? before with { Request = request } : (request, Now, _asks++);
            Admission.Ask(request, Now);
        }

        private Dictionary<string, long> Units() => _random.Next(4) switch
        {
            0 => new() { [Memory] = _random.Next(1, 60) },
            1 => new() { [Card] = _random.Next(1, 3), [Memory] = 24 },
            2 => new() { [Card] = _random.Next(1, 15) },
            _ => new() { [Card] = 1 },
        };

        private void End(EngineId engine)
        {
            Admission.Release(engine);
            Asked.Remove(engine);
            _starting.Remove(engine);
        }

        private string? Refuse(PoolRequest request, Pool pool) =>
            _quotas && Admission.HeldBy(request.Group) + pool.GpusOf(request.Units[pool.Resource]) > Quota ? $"{request.Group.Value} may have {Quota}" : null;
    }
}
