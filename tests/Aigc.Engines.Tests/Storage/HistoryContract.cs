using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteHistoryTests() : HistoryContract(new SqliteMaker());

public sealed class PostgresHistoryTests() : HistoryContract(new PostgresMaker());

/// <summary>What was: events, usage, disks that outlived their engines.</summary>
public abstract class HistoryContract(DatabaseMaker maker) : StoreContract(maker)
{
    [Fact]
    public async Task The_newest_events_come_oldest_first_and_only_once()
    {
        var engine = await CreateAsync();
        for (var i = 0; i < 3; i++)
        {
            await WakeAsync(engine);
            await Engines.SleepAsync(engine.Id, new(Reasons.SleepAsked), ByAlice, InTime);
        }

        var log = new EventLog(Database);
        var newest = await log.ReadAsync(engine.Id, 0, 3, InTime);
        newest.Select(e => e.Reason.Code).ShouldBe([Reasons.SleepAsked, Reasons.Visit, Reasons.SleepAsked]);
        newest.Select(e => e.Id).ShouldBeInOrder();
        newest[^1].Actor.ShouldBe("alice");
        (await log.ReadAsync(engine.Id, newest[^1].Id, 9, InTime)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_run_is_metered_once_and_its_first_end_counts()
    {
        var (usage, engine, start) = (new UsageStore(Database), await CreateAsync(), DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Task.Run(() => usage.StartedAsync(engine, "run", start.AddMinutes(i - i), Term, InTime))));
        (await usage.ListOpenAsync(InTime)).ShouldHaveSingleItem().StartedAt.ShouldBe(start);
        await usage.EndedAsync("run", start.AddMinutes(5), Term, InTime);
        await usage.EndedAsync("run", start.AddMinutes(9), Term, InTime);
        (await usage.ListAsync(engine.Id, InTime)).ShouldHaveSingleItem().EndedAt.ShouldBe(start.AddMinutes(5));
        (await usage.ListOpenAsync(InTime)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_end_before_the_start_is_the_start()
    {
        var (usage, engine, start) = (new UsageStore(Database), await CreateAsync(), DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await usage.StartedAsync(engine, "run", start, Term, InTime);
        await usage.EndedAsync("run", start.AddMinutes(-5), Term, InTime);
        (await usage.ListAsync(engine.Id, InTime)).ShouldHaveSingleItem().EndedAt.ShouldBe(start);
    }

    [Fact]
    public async Task A_kept_disk_is_its_owners_until_an_engine_takes_it()
    {
        var engine = await CreateAsync();
        await Engines.DeleteAsync(engine.Id, keepDisk: true, ByAlice, InTime);
        await Observed.RemoveAsync(await FindAsync(engine.Id), Term, InTime);
        var disks = new KeptDiskStore(Database, Time);
        (await disks.ListAsync(new("bob"), InTime)).ShouldBeEmpty();
        (await disks.ListAsync(engine.Owner, InTime)).ShouldHaveSingleItem().Host.ShouldBe(engine.Host);
        await Engines.CreateAsync(Some(engine.Id, "demo-alice-2"), ByAlice, InTime);
        (await disks.ListAsync(engine.Owner, InTime)).ShouldBeEmpty();
    }
}
