using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Pools;

namespace Aigc.Engines.Tests.Pools;

public sealed class PoolAdmissionTests
{
    private const string Gpu = "nvidia.com/gpu";
    private static readonly TimeSpan Overtaking = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly GroupId Film = new("film");
    private static readonly GroupId Games = new("games");

    [Fact]
    public void An_engine_takes_the_first_pool_that_has_room_for_it()
    {
        var admission = Of(new Pool("studio", Gpu, 2), new Pool("cloud", Gpu, 8));
        Wants(admission, Film, 1).Pool.Name.ShouldBe("studio");
        Wants(admission, Film, 4).Pool.Name.ShouldBe("cloud");
        Wants(admission, Film, 1).Pool.Name.ShouldBe("studio");
        Wants(admission, Film, 1).Pool.Name.ShouldBe("cloud");
    }

    [Fact]
    public void Within_a_group_the_higher_priority_goes_first_then_who_came_first()
    {
        var admission = Of(new Pool("studio", Gpu, 1));
        var running = Wants(admission, Film, 1).Engine;
        var (first, second, urgent) = (EngineId.New(), EngineId.New(), EngineId.New());
        admission.Ask(Request(first, Film, 1), Begin);
        admission.Ask(Request(second, Film, 1), Begin);
        admission.Ask(Request(urgent, Film, 1) with { Priority = 1 }, Begin);
        admission.Order().ShouldBe([urgent, first, second]);
        foreach (var next in (EngineId[])[urgent, first, second])
        {
            admission.Release(running);
            running = admission.Serve(Begin).ShouldHaveSingleItem().Engine;
            running.ShouldBe(next);
        }
    }

    [Fact]
    public void A_group_that_holds_little_goes_before_a_thousand_of_another()
    {
        var admission = Of(new Pool("studio", Gpu, 4));
        var running = new Queue<EngineId>(Enumerable.Range(0, 4).Select(_ => Wants(admission, Film, 1).Engine));
        for (var i = 0; i < 1000; i++)
            admission.Ask(Request(EngineId.New(), Film, 1), Begin);
        var late = EngineId.New();
        admission.Ask(Request(late, Games, 1), Begin);
        admission.Order()[0].ShouldBe(late);
        admission.Release(running.Dequeue());
        admission.Serve(Begin).ShouldHaveSingleItem().Engine.ShouldBe(late);
    }

    [Fact]
    public void A_large_request_is_overtaken_for_a_while_and_not_for_ever()
    {
        var admission = Of(new Pool("studio", Gpu, 4));
        var running = Enumerable.Range(0, 4).Select(_ => Wants(admission, Film, 1).Engine).ToList();
        var large = EngineId.New();
        admission.Ask(Request(large, Games, 4), Begin);
        admission.Release(running[0]);
        running[0] = Wants(admission, Film, 1).Engine;
        var now = Begin + Overtaking;
        admission.Ask(Request(EngineId.New(), Film, 1), now);
        foreach (var engine in running)
        {
            admission.Release(engine);
            var served = admission.Serve(now);
            if (engine != running[^1])
                served.ShouldBeEmpty("what becomes free is kept for it");
            else
                served.ShouldHaveSingleItem().Engine.ShouldBe(large);
        }
    }

    [Fact]
    public void A_pool_starts_no_more_at_once_than_it_should()
    {
        var admission = Of(new Pool("studio", Gpu, 8, StartsAtOnce: 2));
        for (var i = 0; i < 5; i++)
            admission.Ask(Request(EngineId.New(), Film, 1), Begin);
        var served = admission.Serve(Begin);
        served.Count.ShouldBe(2);
        admission.Started(served[0].Engine);
        admission.Started(served[0].Engine);
        admission.Serve(Begin).Count.ShouldBe(1);
        admission.Release(served[1].Engine);
        admission.Serve(Begin).Count.ShouldBe(1);
    }

    private static PoolAdmission Of(params Pool[] pools) => new(pools, _ => 1, Overtaking);

    private static PoolRequest Request(EngineId engine, GroupId group, long units) => new(engine, group, new Dictionary<string, long> { [Gpu] = units });

    private static PoolGrant Wants(PoolAdmission admission, GroupId group, long units)
    {
        var engine = EngineId.New();
        admission.Ask(Request(engine, group, units), Begin);
        return admission.Serve(Begin).Single(grant => grant.Engine == engine);
    }
}
