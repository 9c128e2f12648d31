using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteEngineStoreTests() : EngineStoreContract(new SqliteMaker());

public sealed class PostgresEngineStoreTests() : EngineStoreContract(new PostgresMaker());

public abstract class EngineStoreContract(DatabaseMaker maker) : StoreContract(maker)
{
    [Fact]
    public async Task A_thousand_visits_make_one_wake()
    {
        var engine = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => Engines.WakeAsync(engine.Id, new(Reasons.Visit), true, ByAlice, InTime))));
        var after = await FindAsync(engine.Id);
        after.Desired.ShouldBe(Desired.Awake);
        after.Generation.ShouldBe(engine.Generation + 1);
        (await CountAsync("engine_events WHERE reason_code = 'visit'")).ShouldBe(1, "the history tells of one wake");
    }

    [Fact]
    public async Task A_visit_after_the_drain_began_voids_the_sleep()
    {
        var engine = await CreateAsync();
        var awake = (await Engines.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime))!;
        (await Engines.SleepIfIdleAsync(awake with { LastVisit = awake.LastVisit!.Value.AddSeconds(-1) }, Term, InTime)).ShouldBeNull();
        (await Engines.SleepIfIdleAsync(awake, Term, InTime)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wake_after_the_sweep_looked_voids_the_sleep()
    {
        var engine = await CreateAsync();
        var awake = (await Engines.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime))!;
        await Engines.SleepAsync(engine.Id, new(Reasons.SleepAsked), ByAlice, InTime);
        await Engines.WakeAsync(engine.Id, new(Reasons.WakeAsked), false, ByAlice, InTime);
        (await Engines.SleepIfIdleAsync(awake, Term, InTime)).ShouldBeNull();
    }

    [Fact]
    public async Task A_failed_engine_is_tried_again_only_when_asked()
    {
        var engine = await CreateAsync();
        var awake = (await Engines.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime))!;
        await Observed.WriteAsync(engine.Id, new(EngineState.Failed, new(Reasons.Exited, "1"), awake.Generation), Term, InTime);
        (await Engines.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime))!.Generation.ShouldBe(awake.Generation);
        (await Engines.WakeAsync(engine.Id, new(Reasons.Visit), true, ByAlice, InTime))!.Generation.ShouldBe(awake.Generation + 1);
    }

    [Fact]
    public async Task Simultaneous_wakes_and_sleeps_are_each_in_the_history_once()
    {
        var engine = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => i % 2 == 0
            ? Engines.WakeAsync(engine.Id, new(Reasons.WakeAsked), false, ByAlice, InTime)
            : Engines.SleepAsync(engine.Id, new(Reasons.SleepAsked), ByAlice, InTime))));
        var after = await FindAsync(engine.Id);
        (await CountAsync("engine_events")).ShouldBe(after.Generation, "each generation has its event, and nothing else has");
    }

    [Fact]
    public async Task A_host_is_given_once_however_many_ask_at_the_same_time()
    {
        var given = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Engines.CreateAsync(Some(EngineId.New(), "demo-alice-1"), ByAlice, InTime))));
        given.Count(created => created).ShouldBe(1);
        (await Engines.ListAllAsync(InTime)).ShouldHaveSingleItem().Host.ShouldBe("demo-alice-1");
    }

    [Fact]
    public async Task Everything_about_an_engine_comes_back_as_it_was_written()
    {
        var engine = await CreateAsync();
        await WakeAsync(engine);
        var until = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_123);
        await Engines.KeepAwakeAsync(engine.Id, until, InTime);
        await Engines.RestartAsync(engine.Id, ByAlice, InTime);
        await Observed.WriteAsync(engine.Id, new(EngineState.Ready, new(Reasons.Ready, "说明"), 3, "run", new("http://127.0.0.1:7860"), until), Term, InTime);
        var after = await Engines.DeleteAsync(engine.Id, keepDisk: false, ByAlice, InTime);
        after.ShouldNotBeNull().ShouldBe(await FindAsync(engine.Id));
        (after.KeepAwakeUntil, after.ReadyAt, after.Address, after.KeepDisk).ShouldBe((until, until, new Uri("http://127.0.0.1:7860"), false));
        (after.Generation, after.RestartGeneration, after.Reason.Detail).ShouldBe((4, 3, "说明"));
    }

    [Fact]
    public async Task Engines_are_found_by_host_and_listed_by_owner_in_the_order_they_were_taken()
    {
        var engine = await CreateAsync();
        (await Engines.FindByHostAsync(engine.Host, InTime)).ShouldBe(engine);
        (await Engines.FindByHostAsync("other", InTime)).ShouldBeNull();
        await CreateAsync("demo-alice-2");
        (await Engines.ListAsync(new("alice"), InTime)).Count.ShouldBe(2);
        (await Engines.ListAsync(new("bob"), InTime)).ShouldBeEmpty();
        (await Engines.ListAllAsync(InTime)).Select(e => e.CreatedAt).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_wake_takes_the_templates_newest_version_with_it()
    {
        var engine = await CreateAsync();
        await new TemplateStore(Database, Time).SaveAsync(TemplateStoreContract.Demo("2"), "", ByAlice, InTime);
        (await WakeAsync(engine))!.TemplateVersion.ShouldBe("2");
    }
}
