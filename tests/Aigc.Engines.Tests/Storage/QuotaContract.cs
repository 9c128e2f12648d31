using System.Text.Json;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteQuotaTests() : QuotaContract(new SqliteMaker());

public sealed class PostgresQuotaTests() : QuotaContract(new PostgresMaker());

public abstract class QuotaContract(DatabaseMaker maker) : StoreContract(maker)
{
    private static readonly GroupId Art = new("art");
    private static readonly UserId Alice = new("alice");

    private PoolStore Pools => new(Database, Time);

    private EngineStore Limited => new(Database, Time, new(10));

    [Fact]
    public async Task However_many_wake_at_once_a_group_has_no_more_awake_than_it_may()
    {
        await RuleAsync(RuleScope.Group, "art", new { awake = 3 });
        var engines = await ManyAsync(8);
        // Two APIs, each with connections of its own.
        await using var second = Open();
        EngineStore[] apis = [Limited, new(second, Time, new(10))];
        var refused = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => RefusedAsync(apis[i % 2], engines[i % 8]))));
        (await CountAsync("engines WHERE desired = 'Awake'")).ShouldBe(3);
        var used = refused.OfType<QuotaUsedException>().First().Used;
        QuotaWords.Of(used).En.ShouldBe("the group art has 3 of 3 engines awake");
    }

    [Fact]
    public async Task A_rule_takes_the_place_of_the_limit_that_everybody_has()
    {
        var engines = await ManyAsync(3);
        var limited = new EngineStore(Database, Time, new(1));
        (await RefusedAsync(limited, engines[0])).ShouldBeNull();
        (await RefusedAsync(limited, engines[1])).ShouldBeOfType<TooManyAwakeException>().Limit.ShouldBe(1);
        await RuleAsync(RuleScope.Person, "alice", new { awake = 2 });
        (await RefusedAsync(limited, engines[1])).ShouldBeNull();
        (await RefusedAsync(limited, engines[2])).ShouldBeOfType<TooManyAwakeException>().Limit.ShouldBe(2);
        await RuleAsync(RuleScope.Everyone, "", new { awake = 0 });
        (await RefusedAsync(limited, engines[0])).ShouldBeNull("it is awake, and running work is never cut");
        (await RefusedAsync(limited, engines[2])).ShouldBeOfType<TooManyAwakeException>();
    }

    [Fact]
    public async Task However_many_are_given_cards_at_once_nobody_has_more_than_may_be()
    {
        await RuleAsync(RuleScope.Group, "art", new { gpus = 2.5 });
        var engines = await ManyAsync(6);
        foreach (var engine in engines)
            await WakeAsync(engine);
        var refused = await Task.WhenAll(engines.Select(engine => Task.Run(async () =>
        {
            try
            {
                await Observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), 2, Place: new("studio", 1, 1000)), Term, InTime);
                return null;
            }
            catch (QuotaUsedException used)
            {
                return used.Used;
            }
        })));
        refused.OfType<QuotaUsed>().Count().ShouldBe(4);
        (await CountAsync("engines WHERE pool_units > 0")).ShouldBe(2);
        // Lowered below use, it stops nothing that runs.
        await RuleAsync(RuleScope.Group, "art", new { gpus = 1 });
        var running = (await Engines.ListAllAsync(InTime)).First(engine => engine.PoolUnits > 0);
        await Observed.WriteAsync(running.Id, new(EngineState.Ready, new(Reasons.Ready), 2, "run", Place: new("studio", 1, 1000)), Term, InTime);
        (await FindAsync(running.Id)).State.ShouldBe(EngineState.Ready);
    }

    [Fact]
    public async Task Shared_memory_counts_where_cards_are_shared()
    {
        await RuleAsync(RuleScope.Person, "alice", new { gpuMemory = 24 });
        var engines = await ManyAsync(3);
        foreach (var engine in engines)
            await WakeAsync(engine);
        await Observed.WriteAsync(engines[0].Id, new(EngineState.Starting, new(Reasons.Starting), 2, Place: new("studio", 4, 4000)), Term, InTime);
        await Observed.WriteAsync(engines[1].Id, new(EngineState.Starting, new(Reasons.Starting), 2, Place: new("shared", 16, 200)), Term, InTime);
        (await Should.ThrowAsync<QuotaUsedException>(() =>
            Observed.WriteAsync(engines[2].Id, new(EngineState.Starting, new(Reasons.Starting), 2, Place: new("shared", 16, 200)), Term, InTime))).Used.Used.ShouldBe(16);
    }

    [Fact]
    public async Task Who_has_used_up_the_month_wakes_nothing_more_and_keeps_what_runs()
    {
        var engines = await ManyAsync(2);
        await Pools.AddPriceAsync("studio", new(Time.GetUtcNow().AddYears(-1), 2_000_000), ByAlice, InTime);
        await RuleAsync(RuleScope.Everyone, "", new { gpuHoursPerMonth = 0.5, moneyPerMonth = 100 });
        (await RefusedAsync(Limited, engines[0])).ShouldBeNull();
        var placed = await Observed.WriteAsync(engines[0].Id, new(EngineState.Starting, new(Reasons.Starting), 2, Place: new("studio", 2, 2000)), Term, InTime);
        // Two cards for an hour, which began in this month or, in its first hour, counts from where the month begins.
        await UsedAsync(placed!, TimeSpan.FromHours(1));
        var inMonth = Math.Min(1, (Time.GetUtcNow() - new DateTimeOffset(Time.GetUtcNow().Year, Time.GetUtcNow().Month, 1, 0, 0, 0, TimeSpan.Zero)).TotalHours);
        var use = (await new QuotaStore(Database, Pools, Time, new(10)).UseAsync(Alice, Art, InTime)).ToDictionary(one => one.Limit.Item, one => one.Used);
        use[QuotaItem.GpuHours].ShouldBeInRange((long)(inMonth * 2000) - 20, (long)(inMonth * 2000) + 20);
        use[QuotaItem.Money].ShouldBeInRange((long)(inMonth * 4_000_000) - 40_000, (long)(inMonth * 4_000_000) + 40_000);
        if (inMonth < 0.5)
            return;
        var full = (await RefusedAsync(Limited, engines[1])).ShouldBeOfType<QuotaUsedException>();
        full.Used.Limit.Item.ShouldBe(QuotaItem.GpuHours);
        full.Renews.ShouldBe(MonthUse.MonthAt(Time.GetUtcNow(), TimeZoneInfo.Utc).AddMonths(1));
        (await RefusedAsync(Limited, engines[0])).ShouldBeNull("it is awake");
    }

    private async Task UsedAsync(Engine engine, TimeSpan time)
    {
        await new UsageStore(Database).StartedAsync(engine, "run", Time.GetUtcNow() - time, Term, InTime);
        await using var connection = await Database.OpenAsync(InTime);
        await Dapper.SqlMapper.ExecuteAsync(connection, "UPDATE usage_intervals SET pool = 'studio', milli_gpus = 2000");
    }

    private static async Task<Exception?> RefusedAsync(EngineStore store, Engine engine)
    {
        try
        {
            (await store.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime)).ShouldNotBeNull();
            return null;
        }
        catch (Exception refusal) when (refusal is TooManyAwakeException or QuotaUsedException)
        {
            return refusal;
        }
    }

    private async Task<List<Engine>> ManyAsync(int count)
    {
        var engines = new List<Engine>();
        for (var i = 0; i < count; i++)
            engines.Add(await CreateAsync($"demo-alice-{i}"));
        return engines;
    }

    private Task RuleAsync(RuleScope scope, string id, object body) =>
        new RuleStore(Database, Time).SaveAsync(new(RuleKind.Quota, scope, id, JsonSerializer.Serialize(body)), ByAlice, InTime);
}
