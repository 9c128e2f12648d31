using Aigc.Engines.Lifecycle;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc.Engines.Tests.Lifecycle;

/// <summary>Over random histories: no compute leaked, no work lost, no double start, and the meter tells the truth.</summary>
public sealed class NextProperties
{
    private static readonly (string Name, Action<World> Do)[] Events =
    [
        ("visit", world => world.Visit()),
        ("sleep", world => world.Sleep()),
        ("restart", world => world.Restart()),
        ("delete", world => world.Delete()),
        ("listen", world => world.Listen()),
        ("answer", world => world.Answer()),
        ("begin job", world => world.BeginJob()),
        ("end job", world => world.EndJob()),
        ("open request", world => world.OpenRequest()),
        ("close request", world => world.CloseRequest()),
        ("ignore stops", world => world.IgnoreStops()),
        ("crash", world => world.Crash()),
        ("restart worker", world => world.RestartWorker()),
        ("look", world => world.Settle()),
        ("1 s", world => world.Advance(TimeSpan.FromSeconds(1))),
        ("9 s", world => world.Advance(TimeSpan.FromSeconds(9))),
        ("70 s", world => world.Advance(TimeSpan.FromSeconds(70))),
    ];

    // Deleting ends a history, so it is rare; time passes and engines answer often.
    private static readonly Gen<int> Event = Gen.Frequency(
        [.. Events.Select((e, index) => (e.Name switch { "delete" => 1, "visit" or "answer" or "1 s" or "9 s" => 8, _ => 4 }, Gen.Constant(index)))]);

    [Fact]
    public void No_compute_is_left_without_an_engine_that_wants_it() => ForAllHistories(world =>
    {
        // Jobs and requests end sometime; then everything comes to rest.
        world.EndJob();
        world.CloseRequest();
        world.Advance(TimeSpan.FromSeconds(200));
        world.HasCompute.ShouldBeFalse();
        (world.Engine?.State).ShouldBeOneOf(null, EngineState.Asleep, EngineState.Failed);
    });

    [Fact]
    public void An_engine_that_was_visited_is_ready_as_soon_as_its_program_answers() => ForAllHistories(world =>
    {
        if (world.Engine is null or { Desired: Desired.Deleted })
            return;
        world.Visit();
        world.Settle();
        // What still has to stop first takes its stop timeout at most.
        if (world.Engine.State == EngineState.Stopping)
            world.Advance(TimeSpan.FromSeconds(12));
        world.Answer();
        world.Settle();
        world.Engine.State.ShouldBe(EngineState.Ready);
    });

    [Fact]
    public void Nobody_who_works_is_put_to_sleep() => ForAllHistories(world =>
    {
        if (world.Engine?.State != EngineState.Ready || world.Engine.Desired != Desired.Awake)
            return;
        world.BeginJob();
        world.Advance(TimeSpan.FromMinutes(10));
        world.Engine.State.ShouldBe(EngineState.Ready);
    });

    [Fact]
    public void The_metered_intervals_add_up_to_the_time_with_compute() => ForAllHistories(world =>
    {
        world.EndJob();
        world.CloseRequest();
        world.Advance(TimeSpan.FromSeconds(200));
        world.Metered.ShouldBe(world.Lived);
        world.Metered.Values.ShouldAllBe(interval => interval.To != null);
        var ordered = world.Metered.Values.OrderBy(interval => interval.From).ToList();
        for (var i = 1; i < ordered.Count; i++)
            ordered[i].From.ShouldBeGreaterThanOrEqualTo(ordered[i - 1].To!.Value);
    });

    /// <summary>The world itself throws on a double start, on a sleep while at work and on an early sleep.</summary>
    private static void ForAllHistories(Action<World> atTheEnd)
    {
        var histories = Event.ListOf().ToArbitrary();
        var property = Prop.ForAll(histories, history =>
        {
            var world = new World();
            foreach (var index in history)
                Events[index].Do(world);
            world.Settle();
            atTheEnd(world);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(60), property);
    }
}
