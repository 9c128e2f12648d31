using System.Text.Json;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Storage;
using Aigc.Worker.Tests.Leading;

namespace Aigc.Worker.Tests.Reconciling;

/// <summary>Pools as a worker has them that leads: with real programs, a database, and a worker after it.</summary>
public sealed class PoolsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Pool Studio = new("studio", "test/gpu", 1);
    private readonly Plant _plant = new();
    private WorkerHost _worker = null!;

    private PoolStore Pools => new(_plant.Database, TimeProvider.System);

    private RuleStore Rules => new(_plant.Database, TimeProvider.System);

    public async Task InitializeAsync()
    {
        await _plant.SeedAsync();
        var templates = new TemplateStore(_plant.Database, TimeProvider.System);
        var template = (await templates.FindAsync("test", None))!;
        template = template with { Local = template.Local! with { Resources = new Dictionary<string, long> { [Studio.Resource] = 1 } } };
        await templates.SaveAsync(template, "", Actor.Gateway, None);
        await Pools.SaveAsync(Studio, Plant.Alice, None);
        _worker = await WorkerHost.StartAsync(_plant);
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _plant.DisposeAsync();
    }

    [Fact]
    public async Task What_runs_and_who_waits_is_as_it_was_under_the_next_leader_and_a_removed_pool_cuts_nothing()
    {
        var first = await _plant.EngineAsync();
        var ready = (await _plant.ReachesAsync(first, EngineState.Ready))!;
        (ready.Pool, ready.PoolUnits, ready.MilliGpus).ShouldBe(("studio", 1, 1000));
        var (second, third) = (await WaitsAsync("1"), await WaitsAsync("2"));

        await _worker.DisposeAsync();
        _worker = await WorkerHost.StartAsync(_plant);
        await Wait.UntilAsync(() => _worker.Status is { Adopted: true }, "the next leader");
        await QueuedAsync(third, "2");
        (await _plant.StartsAsync(first)).Length.ShouldBe(1);

        await Pools.RemoveAsync("studio", Plant.Alice, None);
        await QueuedAsync(second, "1 why=NoPool");
        (await _plant.Engines.FindAsync(first, None))!.State.ShouldBe(EngineState.Ready, "running work stays");
        await Pools.SaveAsync(Studio with { Capacity = 2 }, Plant.Alice, None);
        await _plant.ReachesAsync(second, EngineState.Ready);
        await QueuedAsync(third, "1 why=NoRoom pool=studio");

        await _plant.Engines.SleepAsync(first, new(Reasons.SleepAsked), Plant.Alice, None);
        await _plant.ReachesAsync(third, EngineState.Ready);
        var slept = (await _plant.ReachesAsync(first, EngineState.Asleep))!;
        (slept.Pool, slept.PoolUnits, slept.MilliGpus).ShouldBe(("studio", 0, 0));
    }

    [Fact]
    public async Task A_quota_holds_in_the_queue_and_lowered_below_use_cuts_nothing()
    {
        await Pools.SaveAsync(Studio with { Capacity = 8 }, Plant.Alice, None);
        await QuotaAsync(1);
        var first = await _plant.EngineAsync();
        await _plant.ReachesAsync(first, EngineState.Ready);
        var second = await WaitsAsync("1 why=Refused pool=studio quota=Gpus%2F1000%2F1000%2FGroup%2Fstudio");
        await QuotaAsync(2);
        await _plant.ReachesAsync(second, EngineState.Ready);
        await QuotaAsync(0);
        var third = await WaitsAsync("1 why=Refused");
        (await _plant.Engines.FindAsync(first, None))!.State.ShouldBe(EngineState.Ready);
        await _plant.Engines.SleepAsync(third, new(Reasons.SleepAsked), Plant.Alice, None);
        await _plant.ReachesAsync(third, EngineState.Asleep);
    }

    [Fact]
    public async Task An_owner_who_asks_for_it_is_given_the_pool_that_is_on_request()
    {
        await Pools.SaveAsync(new("cloud", Studio.Resource, 1) { OnRequest = true }, Plant.Alice, None);
        await _plant.ReachesAsync(await _plant.EngineAsync(), EngineState.Ready);
        var waits = await WaitsAsync("1 why=NoRoom pool=studio");
        QueuePlace.Parse((await _plant.Engines.FindAsync(waits, None))!.Reason.Detail)!.Other.ShouldBe("cloud");
        await _plant.Engines.AskForPoolAsync(waits, "cloud", Plant.Alice, None);
        var ready = (await _plant.ReachesAsync(waits, EngineState.Ready))!;
        (ready.Pool, ready.PoolWhy).ShouldBe(("cloud", "asked"));
    }

    private Task QuotaAsync(double gpus) =>
        Rules.SaveAsync(new(RuleKind.Quota, RuleScope.Group, "studio", JsonSerializer.Serialize(new { gpus })), Plant.Alice, None);

    private async Task<EngineId> WaitsAsync(string detail)
    {
        var engine = await _plant.EngineAsync();
        await QueuedAsync(engine, detail);
        return engine;
    }

    private Task<Engine?> QueuedAsync(EngineId engine, string detail) => Wait.UntilAsync(
        () => _plant.Engines.FindAsync(engine, None),
        now => now is { State: EngineState.Queued } && now.Reason.Detail?.StartsWith(detail, StringComparison.Ordinal) == true, detail);
}
