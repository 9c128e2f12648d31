using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Tests.Leading;

/// <summary>Two real workers over one database: whatever happens to the one that leads, each engine goes on as one process with one bill.</summary>
[Collection(nameof(OnItsOwn))]
public sealed class TwoWorkersTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan TakeoverBound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task When_the_leader_is_killed_the_other_leads_and_engines_go_on()
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        var engine = await plant.EngineAsync();
        var first = await plant.StartAsync();
        var second = await plant.StartAsync();
        await plant.LeadsAsync(first);
        await plant.ReachesAsync(engine, EngineState.Ready);

        var begun = TimeProvider.System.GetTimestamp();
        await first.KillAsync();
        await plant.LeadsAsync(second);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TakeoverBound);
        await IsServedAsync(plant);
        await IsOneRunAsync(plant, engine);
    }

    [Fact]
    public async Task A_leader_that_was_paused_finds_itself_replaced_and_stands_by()
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        var engine = await plant.EngineAsync();
        var first = await plant.StartAsync();
        var second = await plant.StartAsync();
        await plant.ReachesAsync(engine, EngineState.Ready);

        var begun = TimeProvider.System.GetTimestamp();
        first.Signal("STOP");
        var taken = await plant.LeadsAsync(second);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TakeoverBound);
        // While one sleeps, the other does its work; the sleeper wakes into the middle of it.
        var more = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => plant.EngineAsync()));
        first.Signal("CONT");
        foreach (var one in more)
            await plant.ReachesAsync(one, EngineState.Ready);
        await first.IsHealthyAsync();
        var third = await plant.EngineAsync();
        await plant.ReachesAsync(third, EngineState.Ready);

        var held = await plant.Lease.ReadAsync(None);
        (held!.Holder, held.Term).ShouldBe((taken!.Holder, taken.Term));
        foreach (var one in (EngineId[])[engine, .. more, third])
            await IsOneRunAsync(plant, one);
    }

    [Fact]
    public async Task A_worker_that_comes_back_alone_leads_without_waiting_for_its_own_silence()
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        var engine = await plant.EngineAsync();
        var first = await plant.StartAsync();
        await plant.ReachesAsync(engine, EngineState.Ready);
        await first.KillAsync();
        // A start that was killed before it forked: the engine has to come up all the same.
        var cut = await plant.EngineAsync();
        Directory.CreateDirectory(plant.Data.DiskOf(cut));
        plant.Data.RunOf(cut).TryBegin(new("cut-short", 2, 4242, TimeProvider.System.GetUtcNow(), Aigc.Worker.Local.Machine.Boot)).ShouldBeTrue();

        var second = await plant.StartAsync();
        var begun = TimeProvider.System.GetTimestamp();
        await plant.LeadsAsync(second);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        await IsOneRunAsync(plant, engine);
        await plant.ReachesAsync(cut, EngineState.Ready);
        await IsOneRunAsync(plant, cut);
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_stop_hands_over_at_once()
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        var engine = await plant.EngineAsync();
        var first = await plant.StartAsync();
        var second = await plant.StartAsync();
        await plant.ReachesAsync(engine, EngineState.Ready);
        first.Signal("TERM");
        await first.ExitsAsync();
        await plant.LeadsAsync(second);
        await IsServedAsync(plant);
        await IsOneRunAsync(plant, engine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_product_ends_no_engine_is_left_even_if_the_leader_was_killed_just_before(bool killed)
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        var engine = await plant.EngineAsync();
        var first = await plant.StartAsync(hosted: true);
        var second = await plant.StartAsync(hosted: true);
        await plant.ReachesAsync(engine, EngineState.Ready);
        var pid = (await plant.StartsAsync(engine)).ShouldHaveSingleItem();

        if (killed)
            await first.KillAsync();
        else
            first.EndHost();
        second.EndHost();
        await first.ExitsAsync();
        await second.ExitsAsync();
        Plant.Runs(pid).ShouldBeFalse();
        (await plant.Engines.FindAsync(engine, None))!.State.ShouldBe(EngineState.Asleep);
        (await plant.Usage.ListAsync(engine, None)).ShouldHaveSingleItem().EndedAt.ShouldNotBeNull();
        (await plant.Lease.ReadAsync(None)).ShouldBeNull();
    }

    /// <summary>Whoever leads now does what people ask for.</summary>
    private static async Task IsServedAsync(Plant plant)
    {
        var engine = await plant.EngineAsync();
        await plant.ReachesAsync(engine, EngineState.Ready);
        await plant.Engines.SleepAsync(engine, new(Reasons.SleepAsked), Plant.Alice, None);
        await plant.ReachesAsync(engine, EngineState.Asleep);
        (await plant.Usage.ListAsync(engine, None)).ShouldHaveSingleItem().EndedAt.ShouldNotBeNull();
    }

    private static async Task IsOneRunAsync(Plant plant, EngineId engine)
    {
        Plant.Runs((await plant.StartsAsync(engine)).ShouldHaveSingleItem()).ShouldBeTrue();
        (await plant.Usage.ListAsync(engine, None)).ShouldHaveSingleItem().EndedAt.ShouldBeNull();
        (await plant.Engines.FindAsync(engine, None))!.State.ShouldBe(EngineState.Ready);
    }
}
