using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteHabitTests() : HabitContract(new SqliteMaker());

public sealed class PostgresHabitTests() : HabitContract(new PostgresMaker());

/// <summary>When people came, and to which engines nobody did.</summary>
public abstract class HabitContract(DatabaseMaker maker) : StoreContract(maker)
{
    private HabitStore Habits => new(Database);

    [Fact]
    public async Task Who_comes_to_an_engine_that_was_woken_for_them_is_noted_once()
    {
        var engine = await CreateAsync();
        await RunsAsync(engine, Reasons.Habit);
        var early = (await Habits.ListEarlyAsync(default, InTime)).ShouldHaveSingleItem();
        (early.Engine, early.CameAt, early.EndedAt).ShouldBe((engine.Id, null, null));
        var came = DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds());
        await Habits.CameAsync([(engine.Id, came)], Term, InTime);
        await Habits.CameAsync([(engine.Id, came.AddHours(1))], Term, InTime);
        var session = (await Habits.ListAsync(engine.Id, default, InTime)).ShouldHaveSingleItem();
        (session.Early, session.CameAt, session.EndedAt).ShouldBe((true, came, null));
        (await Habits.ListAsync(engine.Id, Time.GetUtcNow().AddMinutes(1), InTime)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whom_it_was_woken_for_it_belongs_to_from_then_on_whatever_happens_to_it()
    {
        var engine = await CreateAsync();
        await RunsAsync(engine, Reasons.Habit);
        (await FindAsync(engine.Id)).IsAhead.ShouldBeTrue();
        var came = Time.GetUtcNow().AddSeconds(1);
        await Habits.CameAsync([(engine.Id, came)], Term, InTime);
        var theirs = await FindAsync(engine.Id);
        (theirs.IsAhead, theirs.LastVisit!.Value.ToUnixTimeMilliseconds()).ShouldBe((false, came.ToUnixTimeMilliseconds()));
        (await Engines.ListWokenByHabitAsync(InTime)).ShouldBeEmpty("it gives way to nobody");
    }

    [Fact]
    public async Task Who_comes_while_it_stops_because_nobody_came_has_come()
    {
        var engine = await CreateAsync();
        await RunsAsync(engine, Reasons.Habit);
        var asleep = await Engines.SleepAsync(engine.Id, new(Reasons.NobodyCame), ByAlice, InTime);
        await Observed.WriteAsync(engine.Id, new(EngineState.Stopping, new(Reasons.Stopping), asleep!.Generation, "run"), Term, InTime);
        await WakeAsync(engine);
        (await Habits.ListEarlyAsync(default, InTime)).ShouldHaveSingleItem().CameAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_visit_is_no_early_wake_and_one_that_comes_before_the_start_makes_an_early_one_a_visit()
    {
        var (visited, late) = (await CreateAsync(), await CreateAsync("demo-alice-2"));
        await RunsAsync(visited, Reasons.Visit);
        await Engines.WakeAsync(late.Id, new(Reasons.Habit), false, ByAlice, InTime);
        await Task.Delay(TimeSpan.FromMilliseconds(5), Time, InTime);
        await RunsAsync(late, Reasons.Visit);
        (await FindAsync(late.Id)).DesiredReason.Code.ShouldBe(Reasons.Habit);
        (await Habits.ListEarlyAsync(default, InTime)).ShouldBeEmpty();
        (await PlannedAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Spares_and_those_whose_owners_do_not_want_it_are_not_planned()
    {
        var engine = await CreateAsync();
        await RunsAsync(engine, Reasons.Visit);
        (await Engines.AllowPreWakeAsync(engine.Id, false, InTime))!.PreWake.ShouldBeFalse();
        (await PlannedAsync()).ShouldBeEmpty();
        (await Habits.ListAsync(engine.Id, default, InTime)).Count.ShouldBe(1, "its owner may ask");
        (await Engines.AllowPreWakeAsync(engine.Id, true, InTime))!.PreWake.ShouldBeTrue();
        var spare = Some(EngineId.New(), "spare") with { Owner = Engine.Nobody };
        await Engines.CreateAsync(spare, ByAlice, InTime);
        await RunsAsync(spare, Reasons.Spare);
        (await PlannedAsync()).ShouldHaveSingleItem().ShouldBe(engine.Id);
    }

    [Fact]
    public async Task What_it_held_is_what_its_runs_held()
    {
        var engine = await CreateAsync();
        await RunsAsync(engine, Reasons.Habit, new("studio", 1, 500));
        await new UsageStore(Database).StartedAsync(await FindAsync(engine.Id), "run", Time.GetUtcNow().AddSeconds(1), Term, InTime);
        (await Habits.ListEarlyAsync(default, InTime)).ShouldHaveSingleItem().MilliGpus.ShouldBe(500);
        (await Habits.SizesAsync(default, InTime))[engine.Id].ShouldBe(500);
        (await Engines.ListWokenByHabitAsync(InTime)).ShouldHaveSingleItem().Id.ShouldBe(engine.Id);
        await Task.Delay(TimeSpan.FromMilliseconds(5), Time, InTime);
        await WakeAsync(engine);
        (await Engines.ListWokenByHabitAsync(InTime)).ShouldBeEmpty("its owner is there");
    }

    private async Task<IReadOnlyList<EngineId>> PlannedAsync()
    {
        var engines = new List<EngineId>();
        await foreach (var (engine, sessions) in Habits.ListAsync(default, InTime))
        {
            sessions.ShouldHaveSingleItem();
            engines.Add(engine);
        }

        return engines;
    }

    private async Task RunsAsync(Engine engine, string why, Placement? place = null)
    {
        var awake = await Engines.WakeAsync(engine.Id, new(why), false, ByAlice, InTime);
        await Observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), awake!.Generation, "run", Place: place), Term, InTime);
    }
}
