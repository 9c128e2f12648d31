using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;

namespace Aigc.Engines.Tests.Pools;

/// <summary>What people who wait are told.</summary>
public sealed class PoolWaitTests
{
    private const string Gpu = "nvidia.com/gpu";
    private static readonly TimeSpan Overtaking = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_is_told_its_place_and_the_pool_that_it_waits_for()
    {
        var admission = Full(new Pool("a100", Gpu, 2));
        var engines = Enumerable.Range(0, 3).Select(_ => Ask(admission, 1)).ToList();
        var waits = admission.Waits(Begin);
        waits.Select(wait => wait.Engine).ShouldBe(engines);
        waits.Select(wait => wait.Ahead).ShouldBe([0, 1, 2]);
        waits.ShouldAllBe(wait => wait.Cause == WaitCause.NoRoom && wait.Pool == "a100");
    }

    [Fact]
    public void Who_waits_for_another_pool_is_not_ahead()
    {
        var admission = Full(new Pool("a100", Gpu, 2), new Pool("cloud", Gpu, 2));
        Ask(admission, 1, "cloud");
        Ask(admission, 1, "cloud");
        Ask(admission, 1, "a100");
        admission.Waits(Begin).Select(wait => (wait.Pool, wait.Ahead)).ShouldBe([("cloud", 0), ("cloud", 1), ("a100", 0)]);
    }

    [Fact]
    public void Starts_that_are_capped_a_quota_and_what_no_pool_can_hold_are_told_apart()
    {
        var refused = EngineId.New();
        var admission = new PoolAdmission(
            [new Pool("a100", Gpu, 8, StartsAtOnce: 1)], _ => 1, Overtaking, (request, _) => request.Engine == refused ? "film may have 4" : null);
        Ask(admission, 1);
        admission.Serve(Begin).Count.ShouldBe(1);
        var capped = Ask(admission, 1);
        admission.Ask(Request(refused, 1), Begin);
        var vain = Ask(admission, 9);
        admission.Serve(Begin).ShouldBeEmpty();
        var waits = admission.Waits(Begin).ToDictionary(wait => wait.Engine);
        waits[capped].Cause.ShouldBe(WaitCause.Starts);
        (waits[vain].Cause, waits[vain].Pool, waits[vain].Estimate).ShouldBe((WaitCause.NoPool, null, null));
        admission.Started(admission.Granted.Single().Engine);
        admission.Serve(Begin).ShouldHaveSingleItem().Engine.ShouldBe(capped);
        admission.Started(capped);
        var told = admission.Waits(Begin).Single(wait => wait.Engine == refused);
        (told.Cause, told.Refusal).ShouldBe((WaitCause.Refused, "film may have 4"));
    }

    [Fact]
    public void What_is_refused_or_in_vain_holds_up_nobody()
    {
        var refused = EngineId.New();
        var admission = new PoolAdmission([new Pool("a100", Gpu, 2)], _ => 1, Overtaking, (request, _) => request.Engine == refused ? "no" : null);
        admission.Ask(Request(refused, 1), Begin);
        Ask(admission, 3);
        var next = Ask(admission, 2);
        admission.Serve(Begin + Overtaking + Overtaking).ShouldHaveSingleItem().Engine.ShouldBe(next);
    }

    [Fact]
    public void How_long_it_takes_is_told_by_what_became_free_lately()
    {
        var admission = Full(new Pool("a100", Gpu, 4));
        var engines = Enumerable.Range(0, 8).Select(_ => Ask(admission, 1)).ToList();
        var now = Begin + TimeSpan.FromHours(1);
        admission.Waits(now).ShouldAllBe(wait => wait.Estimate == null, "nothing has become free lately");
        // One in five minutes.
        for (var i = 0; i < 6; i++)
        {
            now += TimeSpan.FromMinutes(5);
            admission.Release(admission.Granted.First().Engine);
            admission.Serve(now);
        }

        admission.Waits(now).Select(wait => wait.Estimate!.Value).ShouldBe([TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)]);
    }

    [Fact]
    public void In_a_pool_that_was_removed_or_made_smaller_engines_go_on_and_nothing_new_starts()
    {
        var admission = Full(new Pool("a100", Gpu, 4), new Pool("cloud", Gpu, 1));
        Ask(admission, 1);
        var smaller = new Pool("a100", Gpu, 2);
        admission.Update([smaller]);
        admission.Granted.Count.ShouldBe(5);
        admission.FreeIn(smaller).ShouldBe(-2);
        foreach (var running in admission.Granted.Where(grant => grant.Pool.Name == "cloud").ToList())
            admission.Release(running.Engine);
        admission.Serve(Begin).ShouldBeEmpty();
        foreach (var running in admission.Granted.Take(2).ToList())
        {
            admission.Release(running.Engine);
            admission.Serve(Begin).ShouldBeEmpty();
        }

        admission.Release(admission.Granted.First().Engine);
        admission.Serve(Begin).ShouldHaveSingleItem().Pool.ShouldBe(smaller);
    }

    [Fact]
    public void Ten_thousand_may_wait()
    {
        var admission = Full(new Pool("a100", Gpu, 500));
        for (var i = 0; i < 10_000; i++)
            admission.Ask(new(EngineId.New(), new($"group-{i % 50}"), new Dictionary<string, long> { [Gpu] = 1 + (i % 3) }), Begin);
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 500; i++)
        {
            admission.Release(admission.Granted.First().Engine);
            admission.Serve(Begin.AddSeconds(i));
        }

        var served = TimeProvider.System.GetElapsedTime(began);
        began = TimeProvider.System.GetTimestamp();
        admission.Waits(Begin).Count.ShouldBe(admission.Waiting);
        var told = TimeProvider.System.GetElapsedTime(began);
        served.ShouldBeLessThan(TimeSpan.FromSeconds(5), "10 ms for each release, twenty times what it takes");
        told.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static PoolRequest Request(EngineId engine, long units, string? pool = null) =>
        new(engine, new("film"), new Dictionary<string, long> { [Gpu] = units }, Pools: pool is null ? null : new HashSet<string> { pool });

    private static EngineId Ask(PoolAdmission admission, long units, string? pool = null)
    {
        var engine = EngineId.New();
        admission.Ask(Request(engine, units, pool), Begin);
        return engine;
    }

    /// <summary>Every unit is taken by an engine of its own.</summary>
    private static PoolAdmission Full(params Pool[] pools)
    {
        var admission = new PoolAdmission(pools, _ => 1, Overtaking);
        foreach (var pool in pools)
        {
            for (var i = 0; i < pool.Capacity; i++)
                admission.Adopt(new(EngineId.New(), new("games"), pool, 1));
        }

        return admission;
    }
}
