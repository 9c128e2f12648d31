using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Pools;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqlitePoolStoreTests() : PoolStoreContract(new SqliteMaker());

public sealed class PostgresPoolStoreTests() : PoolStoreContract(new PostgresMaker());

public abstract class PoolStoreContract(DatabaseMaker maker) : StoreContract(maker)
{
    private static readonly Pool Studio = new("studio", "nvidia.com/gpu", 8, StartsAtOnce: 2)
    {
        Title = "工作室 A100",
        NodeSelector = new Dictionary<string, string> { ["gpu"] = "a100" },
        Tolerations = System.Text.Json.JsonElement.Parse("""[{"key":"gpu","operator":"Exists","effect":"NoSchedule"}]"""),
        Idle = System.Text.Json.JsonElement.Parse("""{"timeout":"20m"}"""),
    };

    private PoolStore Pools => new(Database, Time);

    [Fact]
    public async Task A_pool_is_kept_as_it_was_entered()
    {
        (await Pools.SaveAsync(Studio, ByAlice, InTime)).ShouldBe(SavePoolResult.Created);
        var kept = (await Pools.ListAsync(InTime)).ShouldHaveSingleItem();
        (kept.Name, kept.Capacity, kept.StartsAtOnce, kept.Title, kept.Closed).ShouldBe(("studio", 8, 2, "工作室 A100", false));
        kept.NodeSelector.ShouldBe(Studio.NodeSelector);
        kept.Tolerations!.Value.GetRawText().ShouldBe(Studio.Tolerations!.Value.GetRawText());
        kept.Idle!.Value.GetProperty("timeout").GetString().ShouldBe("20m");
        (await Pools.SaveAsync(Studio with { Capacity = 4 }, ByAlice, InTime)).ShouldBe(SavePoolResult.Updated);
        (await Pools.ListAsync(InTime))[0].Capacity.ShouldBe(4);
        (await CountAsync("audit WHERE action = 'pool.save'")).ShouldBe(2);
    }

    [Fact]
    public async Task Pools_are_in_the_order_of_preference()
    {
        foreach (var name in (string[])["studio", "cloud", "spot"])
            await Pools.SaveAsync(Studio with { Name = name }, ByAlice, InTime);
        await Pools.ReorderAsync(["spot", "nowhere", "studio"], ByAlice, InTime);
        (await Pools.ListAsync(InTime)).Select(pool => pool.Name).ShouldBe(["spot", "studio", "cloud"]);
        await Pools.SaveAsync(Studio with { Name = "cloud", Spot = true }, ByAlice, InTime);
        (await Pools.ListAsync(InTime)).Select(pool => pool.Name).ShouldBe(["spot", "studio", "cloud"], "changing one does not move it");
    }

    [Fact]
    public async Task A_pool_that_was_removed_is_closed_until_the_last_engine_in_it_has_gone()
    {
        await Pools.SaveAsync(Studio, ByAlice, InTime);
        var engine = await PlacedAsync("studio", 2);
        (await Pools.UseAsync(InTime))["studio"].ShouldBe(new PoolUse("studio", 1, 2, 0));
        (await Pools.RemoveAsync("studio", ByAlice, InTime)).ShouldBeTrue();
        (await Pools.RemoveAsync("studio", ByAlice, InTime)).ShouldBeFalse();
        (await Pools.ListAsync(InTime)).ShouldHaveSingleItem().Closed.ShouldBeTrue();
        await Observed.WriteAsync(engine.Id, new(EngineState.Asleep, new(Reasons.Idle), 2), Term, InTime);
        (await Pools.ListAsync(InTime)).ShouldBeEmpty();
        (await FindAsync(engine.Id)).Pool.ShouldBe("studio", "where it was last");
        (await Pools.SaveAsync(Studio, ByAlice, InTime)).ShouldBe(SavePoolResult.Created, "it may come back");
    }

    [Fact]
    public async Task What_engines_in_a_pool_are_counted_by_does_not_change_under_them()
    {
        await Pools.SaveAsync(Studio, ByAlice, InTime);
        await PlacedAsync("studio", 1);
        (await Pools.SaveAsync(Studio with { UnitsPerGpu = 80 }, ByAlice, InTime)).ShouldBe(SavePoolResult.InUse);
        (await Pools.SaveAsync(Studio with { Resource = "amd.com/gpu" }, ByAlice, InTime)).ShouldBe(SavePoolResult.InUse);
        (await Pools.SaveAsync(Studio with { Capacity = 0 }, ByAlice, InTime)).ShouldBe(SavePoolResult.Updated, "running work stays");
    }

    [Fact]
    public async Task Prices_are_added_and_never_changed()
    {
        var now = Time.GetUtcNow();
        (await Pools.AddPriceAsync("studio", new(now.AddYears(-1), 1_500_000), ByAlice, InTime)).ShouldBeNull("the first may be from before");
        (await Pools.AddPriceAsync("studio", new(now.AddMinutes(-1), 1), ByAlice, InTime)).ShouldNotBeNull().ShouldContain("never changed");
        (await Pools.AddPriceAsync("studio", new(now.AddDays(1), 2_000_000), ByAlice, InTime)).ShouldBeNull();
        (await Pools.AddPriceAsync("studio", new(now.AddDays(1), 9), ByAlice, InTime)).ShouldNotBeNull();
        await Pools.AddPriceAsync("cloud", new(now, 3_000_000), ByAlice, InTime);
        (await Pools.PricesOfAsync("studio", InTime)).Select(price => price.Micros).ShouldBe([1_500_000, 2_000_000]);
        (await Pools.PriceListsAsync(InTime))["studio"].At(now.AddDays(2)).ShouldBe(2_000_000);

        await using var connection = await Database.OpenAsync(InTime);
        (await Should.ThrowAsync<Exception>(() => connection.ExecuteAsync("UPDATE prices SET micros = 0"))).Message.ShouldContain("never changed");
    }

    [Fact]
    public async Task Where_an_engine_was_placed_is_in_its_history()
    {
        var engine = await PlacedAsync("cloud", 1, "studio=NoRoom");
        (engine.Pool, engine.PoolUnits, engine.MilliGpus, engine.PoolWhy).ShouldBe(("cloud", 1, 1000, "studio=NoRoom"));
        var placed = (await new EventLog(Database).ReadAsync(engine.Id, 0, 10, InTime)).Single(one => one.Reason.Code == Reasons.Placed);
        ReasonWords.For(placed.Reason, "en").ShouldBe("Placed in cloud, because studio was full.");
    }

    [Fact]
    public async Task The_place_in_the_queue_is_that_of_the_wake()
    {
        var engine = await CreateAsync();
        var awake = (await WakeAsync(engine))!;
        awake.AskedAt.ShouldNotBeNull();
        await Observed.WriteAsync(engine.Id, new(EngineState.Queued, new(Reasons.Queued, "1"), awake.Generation), Term, InTime);
        (await Engines.AskForPoolAsync(engine.Id, "cloud", ByAlice, InTime)).ShouldNotBeNull().AskedPool.ShouldBe("cloud");
        (await WakeAsync(engine))!.AskedAt.ShouldBe(awake.AskedAt, "another visit keeps the place");
        await Engines.SleepAsync(engine.Id, new(Reasons.SleepAsked), ByAlice, InTime);
        (await Engines.AskForPoolAsync(engine.Id, "cloud", ByAlice, InTime)).ShouldBeNull("it does not wait");
        (await WakeAsync(engine))!.AskedPool.ShouldBeNull("it was for that once");
    }

    private async Task<Engine> PlacedAsync(string pool, long units, string? why = null)
    {
        var engine = await CreateAsync();
        await WakeAsync(engine);
        return (await Observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), 2, Place: new(pool, units, units * 1000, why)), Term, InTime))!;
    }
}
