using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;
using Microsoft.Data.Sqlite;

namespace Aigc.Worker.Tests.Leading;

/// <summary>People go on working while the database or the tracker is away, and lose nothing when it comes back.</summary>
public sealed class OutageTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task While_the_database_takes_no_writes_nobody_leads_and_engines_go_on()
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        var engine = await plant.EngineAsync();
        await using var worker = await WorkerHost.StartAsync(plant);
        await plant.ReachesAsync(engine, EngineState.Ready);
        var term = worker.Status.Leads!.Value;
        var before = await plant.Engines.FindAsync(engine, None);

        await using (var blocker = new SqliteConnection(plant.DatabaseString))
        {
            await blocker.OpenAsync(None);
            await using var transaction = blocker.BeginTransaction(deferred: false);
            await Wait.UntilAsync(() => worker.Status.Leads is null, "the leader to step down");
        }

        await Wait.UntilAsync(() => worker.Status is { Adopted: true }, "somebody to lead again");
        worker.Status.Leads!.Value.Number.ShouldBeGreaterThan(term.Number);
        var more = await plant.EngineAsync();
        await plant.ReachesAsync(more, EngineState.Ready);
        Plant.Runs((await plant.StartsAsync(engine)).ShouldHaveSingleItem()).ShouldBeTrue();
        (await plant.Usage.ListAsync(engine, None)).ShouldHaveSingleItem().EndedAt.ShouldBeNull();
        (await plant.Engines.FindAsync(engine, None))!.StateSince.ShouldBe(before!.StateSince);
    }

    [Fact]
    public async Task While_the_tracker_is_away_engines_wake_and_sleep_as_asked()
    {
        await using var plant = new Plant(tracker: false);
        await plant.SeedAsync();
        await using var worker = await WorkerHost.StartAsync(plant);
        var engine = await plant.EngineAsync();
        await plant.ReachesAsync(engine, EngineState.Ready);
        await plant.Engines.SleepAsync(engine, new(Reasons.SleepAsked), Plant.Alice, None);
        await plant.ReachesAsync(engine, EngineState.Asleep);
    }

    [Fact]
    public async Task What_the_tracker_loses_comes_back_at_once()
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        var engines = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => plant.EngineAsync(awake: false)));
        await using var worker = await WorkerHost.StartAsync(plant);
        await KnowsAsync(plant, engines);
        var term = worker.Status.Leads!.Value;

        await plant.Routes.RemoveRouteAsync(engines[0], term, None);
        await KnowsAsync(plant, engines);
        await plant.Routes.BeginTermAsync(term, [], None);
        await KnowsAsync(plant, engines);
    }

    [Fact]
    public async Task A_database_restored_from_a_backup_leads_past_the_terms_that_others_remember()
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        new Aigc.Worker.Local.TermFolder(plant.Data).Begin(new(50));
        await using var worker = await WorkerHost.StartAsync(plant);
        var engine = await plant.EngineAsync();
        await plant.ReachesAsync(engine, EngineState.Ready);
        worker.Status.Leads!.Value.Number.ShouldBe(51);
    }

    private static async Task KnowsAsync(Plant plant, EngineId[] engines) => await Wait.UntilAsync(
        async () =>
        {
            await foreach (var change in plant.Routes.WatchAsync(None))
                return ((TrackerChange.Snapshot)change).Routes.Count;
            return 0;
        },
        count => count == engines.Length, "all routes");
}
