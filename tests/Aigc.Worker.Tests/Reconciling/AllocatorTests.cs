using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Aigc.Worker.Reconciling;

namespace Aigc.Worker.Tests.Reconciling;

public sealed class AllocatorTests
{
    private const string Gpu = "nvidia.com/gpu";
    private static readonly Pool Studio = new("studio", Gpu, 2);
    private static readonly Pool Cloud = new("cloud", Gpu, 2);
    private static readonly EngineNeeds One = new(new Dictionary<string, long> { [Gpu] = 1 }, EngineNeeds.None.Machines);

    private readonly ManualClock _clock = new();
    private readonly PendingWork<EngineId> _looks = new(TimeProvider.System);
    private int _made;

    [Fact]
    public void Without_a_bound_nobody_waits_here()
    {
        var allocator = Of(places: null);
        for (var i = 0; i < 100; i++)
            allocator.Ask(Some(), EngineNeeds.None).ShouldBeNull();
    }

    [Fact]
    public void The_runtimes_own_bound_is_kept_and_who_waits_is_told_the_place()
    {
        var allocator = Of(places: 98);
        var engines = Enumerable.Range(0, 100).Select(_ => Some()).ToList();
        engines.ConvertAll(engine => allocator.Ask(engine, EngineNeeds.None)?.ToDetail()).TakeLast(3).ShouldBe([null, "1", "2"]);
        allocator.Release(engines[0].Id);
        _looks.IsPending(engines[98].Id).ShouldBeTrue("it is its turn");
        allocator.Ask(engines[98], EngineNeeds.None).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(2));
        allocator.Tell();
        _looks.IsPending(engines[99].Id).ShouldBeTrue("it has moved up");
        allocator.Ask(engines[99], EngineNeeds.None)!.Position.ShouldBe(1);
        allocator.PlacementOf(engines[98].Id).ShouldBe(new("", 1, 0));
    }

    [Fact]
    public void An_engine_goes_where_there_is_room_and_why_it_went_there_is_kept()
    {
        var allocator = Of(16, Studio, Cloud);
        var engines = Enumerable.Range(0, 5).Select(_ => Some()).ToList();
        engines.ForEach(engine => allocator.Ask(engine, One));
        engines.ConvertAll(engine => allocator.PlacementOf(engine.Id)?.Pool).ShouldBe(["studio", "studio", "cloud", "cloud", null]);
        allocator.PlacementOf(engines[2].Id)!.Why.ShouldBe("studio=NoRoom");
        var waits = allocator.Ask(engines[4], One)!;
        (waits.Position, waits.Why, waits.Pool).ShouldBe((1, WaitCause.NoRoom, "studio"));
        allocator.Ask(Some(), EngineNeeds.None).ShouldBeNull("what needs no GPU waits for none");
    }

    [Fact]
    public void A_pool_that_was_removed_keeps_what_runs_and_takes_nothing_new()
    {
        var allocator = Of(16, Studio, Cloud with { Capacity = 1 });
        var engines = Enumerable.Range(0, 5).Select(_ => Some()).ToList();
        engines.ForEach(engine => allocator.Ask(engine, One));
        allocator.Update([Studio with { Closed = true }, Cloud with { Capacity = 1 }], QuotaRules.None, Shares.Equal);
        allocator.PlacementOf(engines[0].Id)!.Pool.ShouldBe("studio", "running work stays");
        allocator.PoolOf(engines[0].Id)!.Name.ShouldBe("studio");
        allocator.Release(engines[0].Id);
        allocator.Ask(engines[3], One)!.Pool.ShouldBe("cloud", "nothing starts in studio any more");
        allocator.Release(engines[2].Id);
        allocator.PlacementOf(engines[3].Id)!.Pool.ShouldBe("cloud");
        allocator.Update([], QuotaRules.None, Shares.Equal);
        allocator.Ask(engines[4], One).ShouldBeNull("without pools the runtime's own bound is all there is");
    }

    [Fact]
    public void Capacity_that_is_lowered_below_use_stops_new_starts_alone()
    {
        var allocator = Of(16, Studio);
        var (first, second, third) = (Some(), Some(), Some());
        allocator.Ask(first, One).ShouldBeNull();
        allocator.Ask(second, One).ShouldBeNull();
        allocator.Update([Studio with { Capacity = 1 }], QuotaRules.None, Shares.Equal);
        allocator.Ask(third, One).ShouldNotBeNull();
        allocator.Release(first.Id);
        allocator.Ask(third, One).ShouldNotBeNull("one still runs");
        allocator.Release(second.Id);
        allocator.Ask(third, One).ShouldBeNull();
    }

    [Fact]
    public void Under_a_new_leader_what_runs_stays_where_it_is_and_who_waited_longest_is_first()
    {
        var allocator = Of(16, Studio, Cloud with { Capacity = 0 });
        allocator.Adopt(Some() with { Pool = "studio", PoolUnits = 1, MilliGpus = 1000 });
        allocator.Adopt(Some() with { Pool = "cloud", PoolUnits = 2, MilliGpus = 2000 });
        allocator.AdoptStray(EngineId.New());
        var now = _clock.GetUtcNow();
        var (late, early) = (Some() with { AskedAt = now.AddMinutes(-1) }, Some() with { AskedAt = now.AddMinutes(-5) });
        allocator.Ask(Some(), One).ShouldBeNull();
        allocator.Ask(late, One).ShouldNotBeNull();
        allocator.Ask(early, One).ShouldNotBeNull().Position.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(2));
        allocator.Ask(late, One)!.Position.ShouldBe(2);
    }

    [Fact]
    public void Groups_share_by_their_weights_and_a_person_with_priority_goes_first()
    {
        var allocator = Of(16, Studio with { Capacity = 4 });
        var shares = Shares.Of([new(RuleKind.Share, RuleScope.Group, "film", """{"weight": 3}"""), new(RuleKind.Share, RuleScope.Person, "vip", """{"priority": 5}""")]);
        allocator.Update([Studio with { Capacity = 4 }], QuotaRules.None, shares);
        var blockers = Enumerable.Range(0, 4).Select(_ => Some(group: "other")).ToList();
        blockers.ForEach(engine => allocator.Ask(engine, One).ShouldBeNull());
        var film = Enumerable.Range(0, 4).Select(_ => Some(group: "film")).ToList();
        var games = Enumerable.Range(0, 4).Select(i => Some(group: "games", owner: i == 3 ? "vip" : "gamer")).ToList();
        foreach (var engine in games.Concat(film))
            allocator.Ask(engine, One).ShouldNotBeNull();
        blockers.ForEach(engine => allocator.Release(engine.Id));
        film.Count(engine => allocator.PlacementOf(engine.Id) is not null).ShouldBe(3);
        games.FindAll(engine => allocator.PlacementOf(engine.Id) is not null).ShouldHaveSingleItem().Owner.Value.ShouldBe("vip");
    }

    [Fact]
    public void As_many_start_at_once_as_a_pool_lets()
    {
        var allocator = Of(16, Studio with { StartsAtOnce = 1 });
        var (first, second) = (Some(), Some());
        allocator.Ask(first, One).ShouldBeNull();
        allocator.Ask(second, One)!.Why.ShouldBe(WaitCause.Starts);
        allocator.Started(first.Id);
        _looks.IsPending(second.Id).ShouldBeTrue();
        allocator.Ask(second, One).ShouldBeNull();
    }

    [Fact]
    public void Who_has_all_that_a_quota_allows_waits_and_holds_up_nobody_else()
    {
        var allocator = Of(16, Studio with { Capacity = 10 });
        var quotas = QuotaRules.Of([new(RuleKind.Quota, RuleScope.Group, "film", """{"gpus": 2}"""), new(RuleKind.Quota, RuleScope.Everyone, "", """{"gpus": 1.5}""")]);
        allocator.Update([Studio with { Capacity = 10 }], quotas, Shares.Equal);
        var film = new[] { "a", "a", "b", "c" }.Select(owner => Some("film", owner)).ToList();
        var places = film.ConvertAll(engine => allocator.Ask(engine, One));
        places.ConvertAll(place => place is null).ShouldBe([true, false, true, false]);
        QuotaUsed.Parse(places[1]!.Quota)!.Limit.Scope.ShouldBe(RuleScope.Everyone);
        QuotaUsed.Parse(places[3]!.Quota).ShouldBe(new(new(QuotaItem.Gpus, RuleScope.Group, "film", 2000), 2000));
        places[3]!.Why.ShouldBe(WaitCause.Refused);
        allocator.Ask(Some("games"), One).ShouldBeNull();
        allocator.Release(film[0].Id);
        film.ConvertAll(engine => allocator.PlacementOf(engine.Id) is not null).Count(has => has).ShouldBe(2, "never more than the quota, and as much as it allows");
        allocator.Update([Studio with { Capacity = 10 }], QuotaRules.None, Shares.Equal);
        film.Skip(1).Count(engine => allocator.Ask(engine, One) is null).ShouldBe(3);
    }

    [Fact]
    public void A_pool_on_request_is_offered_and_taken_by_who_asks_for_it()
    {
        var allocator = Of(16, Studio with { Capacity = 1 }, Cloud with { OnRequest = true });
        allocator.Ask(Some(), One).ShouldBeNull();
        var engine = Some();
        allocator.Ask(engine, One)!.Other.ShouldBe("cloud");
        allocator.Ask(engine with { AskedPool = "cloud" }, One).ShouldBeNull();
        allocator.PlacementOf(engine.Id).ShouldBe(new("cloud", 1, 1000, "asked"));
    }

    [Fact]
    public void What_no_pool_is_large_enough_for_is_told_so()
    {
        var allocator = Of(16, Studio, Cloud);
        allocator.Ask(Some(), new(new Dictionary<string, long> { [Gpu] = 4 }, EngineNeeds.None.Machines))!.Why.ShouldBe(WaitCause.NoPool);
        allocator.Ask(Some(), One).ShouldBeNull("it holds up nobody");
    }

    [Fact]
    public void Five_thousand_that_wait_cost_next_to_nothing()
    {
        var allocator = Of(16, Studio);
        var engines = Enumerable.Range(0, 5000).Select(i => Some(group: $"group-{i % 40}")).ToList();
        var began = TimeProvider.System.GetTimestamp();
        engines.ForEach(engine => allocator.Ask(engine, One));
        _clock.Advance(TimeSpan.FromSeconds(2));
        engines.ForEach(engine => allocator.Ask(engine, One));
        for (var i = 0; i < 60; i++)
            allocator.Tell();
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(5), "for a survey of all, and a minute of the queue");
    }

    [Fact]
    public void Who_takes_a_spare_has_its_place_unless_others_wait_for_room()
    {
        var allocator = Of(16, Studio);
        var (spare, other, alice, bob) = (Some(owner: ""), Some(owner: ""), Some(), Some(owner: "bob"));
        allocator.Ask(spare, One).ShouldBeNull();
        allocator.Ask(other, One).ShouldBeNull();
        allocator.TakeOver(alice, spare.Id).ShouldBeTrue();
        (allocator.PlacementOf(spare.Id), allocator.PlacementOf(alice.Id)).ShouldBe((null, new("studio", 1, 1000)));
        allocator.TakeOver(bob, spare.Id).ShouldBeFalse("it is given once");
        allocator.IsScarce.ShouldBeFalse();
        allocator.Ask(Some(owner: ""), One).ShouldNotBeNull();
        allocator.IsScarce.ShouldBeFalse("spares wait for nobody's sake");
        allocator.Ask(bob, One).ShouldNotBeNull();
        allocator.IsScarce.ShouldBeTrue();
        allocator.TakeOver(Some(owner: "carol"), other.Id).ShouldBeFalse("bob came first");
        allocator.TakeOver(bob, other.Id).ShouldBeTrue();
        allocator.PlacementOf(bob.Id)!.Pool.ShouldBe("studio");
        allocator.IsScarce.ShouldBeFalse();
    }

    private Allocator Of(int? places, params Pool[] pools)
    {
        var allocator = new Allocator(places, _looks, _clock);
        allocator.Update(pools, QuotaRules.None, Shares.Equal);
        return allocator;
    }

    private Engine Some(string group = "art", string owner = "alice") => new()
    {
        Id = EngineId.New(),
        Owner = new UserId(owner),
        Group = new GroupId(group),
        Template = "demo",
        TemplateVersion = "1",
        Host = $"demo-{_made++}",
        Desired = Desired.Awake,
        DesiredReason = new(Reasons.Visit),
        Generation = 2,
        CreatedAt = _clock.GetUtcNow(),
        StateSince = _clock.GetUtcNow(),
        AskedAt = _clock.GetUtcNow(),
    };
}
