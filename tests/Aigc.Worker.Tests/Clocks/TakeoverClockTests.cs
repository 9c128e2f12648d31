using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Worker.Runtimes;
using Aigc.Worker.Tests.Local;

namespace Aigc.Worker.Tests.Clocks;

/// <summary>A worker that starts after the machine's clock was set takes over from one that started before: nobody's engine may fail, and no bill be wrong, for that.</summary>
public sealed class TakeoverClockTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task An_engine_that_is_starting_or_stopping_keeps_its_time(int hours)
    {
        await using var machine = new LocalMachine();
        var time = new Shifted(TimeSpan.FromHours(hours));
        using var next = machine.NewWorker(time: time);
        var compute = await machine.StartAsync("trap '' TERM; echo $$ >ready; while :; do sleep 0.05; done");
        await machine.PidAsync(compute.Engine, "ready");
        var starting = (await next.FindAsync(compute.Engine, None))!;
        (time.GetUtcNow() - starting.PhaseSince).ShouldBeInRange(TimeSpan.Zero, Minute);
        starting.StartedAt.ShouldBeLessThanOrEqualTo(time.GetUtcNow());

        await machine.Runtime.StopAsync(compute.Engine, None);
        var stopping = (await next.FindAsync(compute.Engine, None))!;
        stopping.Phase.ShouldBe(ComputePhase.Stopping);
        (time.GetUtcNow() - stopping.PhaseSince).ShouldBeInRange(TimeSpan.Zero, Minute);
        await next.KillAsync(compute.Engine, None);
        var ended = (await next.FindAsync(compute.Engine, None))!;
        ended.EndedAt!.Value.ShouldBeInRange(ended.StartedAt, time.GetUtcNow());
    }

    [Fact]
    public async Task Usage_intervals_of_an_engine_tile_whatever_the_clocks_said()
    {
        var folder = Directory.CreateTempSubdirectory("aigc-usage-").FullName;
        var database = Database.FromConnectionString($"Data Source={folder}/database.db", TimeProvider.System);
        await database.MigrateAsync(None);
        var term = (await new LeaderLease(database, "a test").TakeAsync(null, None))!.Value;
        var usage = new UsageStore(database);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_780_000_000_000);
        var engine = new Engine
        {
            Id = EngineId.New(),
            Owner = new("alice"),
            Group = new("studio"),
            Template = "t",
            TemplateVersion = "1",
            Host = "h",
            Generation = 1,
            Desired = Desired.Awake,
            DesiredReason = new(Reasons.Visit),
            CreatedAt = now,
            StateSince = now,
        };
        var random = new Random(11);
        for (var i = 0; i < 60; i++)
        {
            now += TimeSpan.FromMinutes(random.Next(-90, 90));
            await usage.StartedAsync(engine, $"run-{i}", now, term, None);
            await usage.StartedAsync(engine, $"run-{i}", now + TimeSpan.FromDays(1), term, None);
            now += TimeSpan.FromMinutes(random.Next(-90, 90));
            await usage.EndedAsync($"run-{i}", now, term, None);
        }

        var intervals = await usage.ListAsync(engine.Id, None);
        intervals.Count.ShouldBe(60);
        intervals.ShouldAllBe(interval => interval.EndedAt >= interval.StartedAt);
        foreach (var (one, other) in intervals.Zip(intervals.Skip(1)))
            other.StartedAt.ShouldBeGreaterThanOrEqualTo(one.EndedAt!.Value);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The machine's clock as somebody has set it.</summary>
    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
