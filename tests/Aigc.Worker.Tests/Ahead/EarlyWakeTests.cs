using Aigc.Engines.Ahead;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Aigc.Worker.Tests.Leading;

namespace Aigc.Worker.Tests.Ahead;

/// <summary>A worker as it is shipped, and a program that it starts before anybody asks.</summary>
public sealed class EarlyWakeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_engine_is_ready_before_its_owner_comes()
    {
        await using var plant = new Plant();
        plant.Settings["Studio:TimeZone"] = "UTC";
        plant.Settings["Studio:PreWakeGpuHours"] = "10";
        await plant.SeedAsync();
        var (engine, other) = (await plant.EngineAsync(awake: false), await plant.EngineAsync(awake: false));
        var next = TimeProvider.System.GetUtcNow() + Habit.Lead;
        await PastVisits.AddAsync(plant.DatabaseString, engine, PastVisits.Weekly(next));
        await PastVisits.AddAsync(plant.DatabaseString, other, PastVisits.Weekly(next.AddHours(2)));
        await plant.StartAsync();
        var ready = (await plant.ReachesAsync(engine, EngineState.Ready)).ShouldNotBeNull();
        (ready.DesiredReason.Code, ready.IsAhead).ShouldBe((Reasons.Habit, true));
        var told = await Wait.UntilAsync(() => plant.Engines.FindAsync(engine, None), now => now?.Outlook is not null, "its outlook");
        told!.Outlook!.Why.ShouldBe(Hold.Expected);
        (await plant.Engines.FindAsync(other, None))!.State.ShouldBe(EngineState.Asleep);
        (await new HabitStore(plant.Database).ListEarlyAsync(default, None)).ShouldHaveSingleItem().Engine.ShouldBe(engine);
    }
}
