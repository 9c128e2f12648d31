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
        (await Engines.SleepIfIdleAsync(awake with { LastVisit = awake.LastVisit!.Value.AddSeconds(-1) }, new(Reasons.Idle), Term, InTime)).ShouldBeNull();
        (await Engines.SleepIfIdleAsync(awake, new(Reasons.Idle), Term, InTime)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wake_after_the_sweep_looked_voids_the_sleep()
    {
        var engine = await CreateAsync();
        var awake = (await Engines.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime))!;
        await Engines.SleepAsync(engine.Id, new(Reasons.SleepAsked), ByAlice, InTime);
        await Engines.WakeAsync(engine.Id, new(Reasons.WakeAsked), false, ByAlice, InTime);
        (await Engines.SleepIfIdleAsync(awake, new(Reasons.Idle), Term, InTime)).ShouldBeNull();
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
    public async Task However_many_wake_at_once_no_more_engines_of_a_person_are_awake_than_may_be()
    {
        var limited = new EngineStore(Database, Time, new(3));
        var engines = new List<Engine>();
        for (var i = 0; i < 10; i++)
            engines.Add(await CreateAsync($"demo-alice-{i}"));

        var woken = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await limited.WakeAsync(engines[i % 10].Id, new(Reasons.Visit), i % 2 == 0, ByAlice, InTime))!.Id;
            }
            catch (TooManyAwakeException full)
            {
                (full.Limit, full.Awake.Count).ShouldBe((3, 3));
                return (EngineId?)null;
            }
        })));

        var after = await Engines.ListAllAsync(InTime);
        after.Count(engine => engine.Desired == Desired.Awake).ShouldBe(3);
        woken.OfType<EngineId>().Distinct().Count().ShouldBe(3, "whoever was let in stays, and visits again");
        after.Where(engine => engine.Desired == Desired.Asleep).ShouldAllBe(engine => engine == engines.Single(before => before.Id == engine.Id), "a refusal changes nothing");
        (await CountAsync("engine_events WHERE reason_code = 'visit'")).ShouldBe(3);
    }

    [Fact]
    public async Task Who_sleeps_or_has_failed_or_is_somebody_elses_takes_no_room()
    {
        var limited = new EngineStore(Database, Time, new(1));
        var (first, second) = (await CreateAsync("demo-alice-1"), await CreateAsync("demo-alice-2"));
        var bobs = Some(EngineId.New(), "demo-bob-1") with { Owner = new("bob") };
        await Engines.CreateAsync(bobs, ByAlice, InTime);
        await limited.WakeAsync(bobs.Id, new(Reasons.Visit), true, ByAlice, InTime);
        var awake = (await limited.WakeAsync(first.Id, new(Reasons.Visit), true, ByAlice, InTime))!;
        (await Should.ThrowAsync<TooManyAwakeException>(() => limited.RestartAsync(second.Id, ByAlice, InTime))).Awake.ShouldBe(["demo-alice-1"]);
        (await limited.RestartAsync(first.Id, ByAlice, InTime))!.Generation.ShouldBe(awake.Generation + 1, "it has its room already");

        await limited.SleepAsync(first.Id, new(Reasons.SleepAsked), ByAlice, InTime);
        var other = (await limited.WakeAsync(second.Id, new(Reasons.Visit), true, ByAlice, InTime))!;
        await Observed.WriteAsync(second.Id, new(EngineState.Failed, new(Reasons.Exited, "1"), other.Generation), Term, InTime);
        (await limited.WakeAsync(first.Id, new(Reasons.Visit), true, ByAlice, InTime))!.Desired.ShouldBe(Desired.Awake);
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
