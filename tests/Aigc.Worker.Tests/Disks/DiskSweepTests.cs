using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Worker.Tests.Leading;

namespace Aigc.Worker.Tests.Disks;

/// <summary>Somebody was deleted: their engine stops and their disk goes when its time is over, though the worker was killed in between.</summary>
public sealed class DiskSweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task The_disk_of_somebody_deleted_goes_when_its_time_is_over(int days)
    {
        await using var plant = new Plant();
        await plant.SeedAsync();
        await new PeopleStore(plant.Database, TimeProvider.System).SaveAsync(new(new("alice"), "alice", "Alice", null, new("studio"), Role.User), None);
        var engine = await plant.EngineAsync();
        await using (await WorkerHost.StartAsync(plant))
            await plant.ReachesAsync(engine, EngineState.Ready);
        var disk = plant.Data.DiskOf(engine);
        var pid = (await plant.StartsAsync(engine)).ShouldHaveSingleItem();
        Directory.Exists(disk).ShouldBeTrue();

        await new DeletionStore(plant.Database, TimeProvider.System).DeletePersonAsync(new("alice"), TimeSpan.FromDays(days), Actor.Gateway, None);
        await using (await WorkerHost.StartAsync(plant))
            await Wait.UntilAsync(() => plant.Engines.FindAsync(engine, None), gone => gone is null, "the engine to go");
        Plant.Runs(pid).ShouldBeFalse();

        await using var worker = await WorkerHost.StartAsync(plant);
        if (days == 0)
            await Wait.UntilAsync(() => !Directory.Exists(disk), "the disk to go");
        else
            Directory.Exists(disk).ShouldBeTrue("it is kept for a month");
    }
}
