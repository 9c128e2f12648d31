using System.Data.Common;
using System.Diagnostics;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Dapper;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteCostTests() : CostContract(new SqliteMaker())
{
    /// <summary>Whoever asks what it cost has to wait for the answer: half a second on a quiet machine.</summary>
    [Fact]
    public async Task A_month_of_five_hundred_people_is_answered_soon()
    {
        var people = Enumerable.Range(0, 500).Select(i => new Artist($"person-{i}", $"group-{i % 10}")).ToList();
        (await UsageMonth.SeedAsync(Database, people, Begin, Begin.AddDays(31), fragments: 5)).ShouldBeGreaterThan(55_000);
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var began = Stopwatch.GetTimestamp();
            (await ReadAsync(CostSight.Everything, CostDimension.Person)).Rows.Count.ShouldBe(500);
            fastest = Stopwatch.GetElapsedTime(began) is var took && took < fastest ? took : fastest;
        }

        fastest.ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }
}

public sealed class PostgresCostTests() : CostContract(new PostgresMaker());

/// <summary>What was used and what it cost, as the database keeps it.</summary>
public abstract class CostContract(DatabaseMaker maker) : StoreContract(maker)
{
    protected static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private BillStore Bills => new(Database, Time);

    private MeterStore Meter => new(Database, Time);

    private CostStore Store => new(Database);

    [Fact]
    public async Task Every_dimension_adds_up_to_the_same_whatever_bills_say()
    {
        await UsageMonth.SeedAsync(Database, [new("alice", "art"), new("bob", "art"), new("carol", "film"), new("dora", "film")], Begin, Begin.AddDays(31));
        var before = await ReadAsync(CostSight.Everything, CostDimension.Day);
        before.Total.Micros.ShouldBe(before.Total.Priced);
        foreach (var kind in new[] { CostKind.Use, CostKind.Idle, CostKind.Shared, CostKind.Disk })
            before.Total[kind].ShouldBeGreaterThan(0, $"{kind}");

        var bill = new Bill("b1", "cloud", new(2026, 3, 10), new(2026, 4, 10), 777_777_777, 4000, "lease", Begin, "admin");
        await Bills.AddAsync([bill], ByAlice, InTime);
        var tables = new List<CostTable>();
        foreach (var dimension in Enum.GetValues<CostDimension>())
            tables.Add(await ReadAsync(CostSight.Everything, dimension, to: new(2026, 4, 15)));
        tables.ShouldAllBe(table => table.Total.Micros == tables[0].Total.Micros && table.Rows.Sum(row => row.Sum.Micros) == tables[0].Total.Micros);
        var cloud = tables.Single(table => table.By == CostDimension.Pool).Rows.Single(row => row.Key == "cloud").Sum;
        cloud[CostKind.Unallocated].ShouldBeGreaterThan(0);
        tables[0].Total.Priced.ShouldBe((await ReadAsync(CostSight.Everything, CostDimension.Day, to: new(2026, 4, 15))).Total.Priced);

        // What nobody had is nobody's: the parts of all people are the rest.
        var parts = 0L;
        foreach (var person in new[] { "alice", "bob", "carol", "dora" })
            parts += (await ReadAsync(new(new(person)), CostDimension.Engine, to: new(2026, 4, 15))).Total.Micros;
        (parts + cloud[CostKind.Unallocated]).ShouldBe(tables[0].Total.Micros);

        (await Bills.WithdrawAsync("b1", ByAlice, InTime)).ShouldBeTrue();
        (await Bills.WithdrawAsync("b1", ByAlice, InTime)).ShouldBeFalse();
        (await ReadAsync(CostSight.Everything, CostDimension.Day)).Total.Micros.ShouldBe(before.Total.Micros);
    }

    [Fact]
    public async Task Weeks_add_up_to_their_month_and_people_to_their_groups()
    {
        await UsageMonth.SeedAsync(Database, [new("alice", "art"), new("bob", "art"), new("carol", "film")], Begin, Begin.AddDays(31));
        var month = (await ReadAsync(CostSight.Everything, CostDimension.Group)).Total.Micros;
        var (weeks, first) = (0L, new DateOnly(2026, 3, 1));
        for (var day = first; day < first.AddMonths(1); day = day.AddDays(7))
            weeks += (await ReadAsync(CostSight.Everything, CostDimension.Day, day, day.AddDays(7) < first.AddMonths(1) ? day.AddDays(7) : first.AddMonths(1))).Total.Micros;
        weeks.ShouldBe(month);
        var art = await ReadAsync(new(Group: new("art")), CostDimension.Person);
        art.Rows.Select(row => row.Key).Order().ShouldBe(["alice", "bob"]);
        (art.Total.Micros + (await ReadAsync(new(new("carol")), CostDimension.Day)).Total.Micros).ShouldBe(month);
        (await ReadAsync(new(new("alice"), Engines: []), CostDimension.Day)).Total.Micros.ShouldBe(0);
    }

    [Fact]
    public async Task Compute_is_metered_with_its_pool_and_is_never_changed_once_closed()
    {
        var engine = (await CreateAsync()) with { Pool = "studio", MilliGpus = 250 };
        var (usage, start) = (new UsageStore(Database), Begin.AddHours(5));
        await usage.StartedAsync(engine, "run", start, Term, InTime);
        await usage.EndedAsync("run", start.AddHours(2), Term, InTime);
        var use = (await Store.ComputeAsync(CostSight.Everything, Begin, Begin.AddDays(1), Begin.AddDays(1), InTime).ToListAsync()).ShouldHaveSingleItem();
        (use.Pool, use.MilliGpus, use.EndedAt).ShouldBe(("studio", 250, start.AddHours(2)));
        await RefusedAsync("UPDATE usage_intervals SET ended_at = 1");
        await RefusedAsync("UPDATE usage_intervals SET pool = 'cloud'");
        await RefusedAsync("DELETE FROM usage_intervals");
    }

    [Fact]
    public async Task A_disk_is_metered_at_each_size_until_it_is_gone()
    {
        var engine = await CreateAsync();
        var disk = (await Meter.ListDisksAsync(InTime)).ShouldHaveSingleItem();
        disk.Measured.ShouldBeNull();
        await Meter.ResizedAsync(disk, 5, Term, InTime);
        await Meter.ResizedAsync(disk, 7, Term, InTime);
        (await Meter.ListDisksAsync(InTime)).ShouldHaveSingleItem().Measured.ShouldBe(7);

        // Kept, it goes on; removed, it ends.
        await Engines.DeleteAsync(engine.Id, keepDisk: true, ByAlice, InTime);
        await Observed.RemoveAsync(await FindAsync(engine.Id), Term, InTime);
        await Meter.CloseGoneAsync(Term, InTime);
        var kept = (await Meter.ListDisksAsync(InTime)).ShouldHaveSingleItem();
        (kept.Engine, kept.Owner, kept.Group, kept.Measured).ShouldBe((engine.Id, "alice", "art", 7));
        await using (var connection = await Database.OpenAsync(InTime))
            await connection.ExecuteAsync("DELETE FROM kept_disks");
        await Meter.CloseGoneAsync(Term, InTime);
        (await CountAsync("disk_intervals WHERE ended_at IS NULL")).ShouldBe(0);
        var now = Time.GetUtcNow();
        var disks = await Store.DisksAsync(CostSight.Everything, now.AddHours(-1), now.AddHours(1), now, InTime).ToListAsync();
        disks.Select(one => one.Bytes).ShouldBe([5, 7], ignoreOrder: true);
        await RefusedAsync("UPDATE disk_intervals SET bytes = 1");
        await RefusedAsync("DELETE FROM disk_intervals");
    }

    [Fact]
    public async Task Parts_and_work_count_once_however_often_they_are_told()
    {
        var engine = await CreateAsync();
        await new UsageStore(Database).StartedAsync(engine, "run", Begin, Term, InTime);
        var part = new UsePart(CostKind.Idle, Begin.AddMinutes(10), Begin.AddMinutes(20));
        await Meter.AddPartsAsync([("run", part)], Term, InTime);
        await Meter.AddPartsAsync([("run", part)], Term, InTime);
        (await Store.PartsAsync(Begin, Begin.AddDays(1), InTime))["run"].ShouldHaveSingleItem().ShouldBe(part);
        foreach (var total in new[] { 3L, 3, 10, 2, 12 })
            await Meter.CountAsync("run", total, Term, InTime);
        var now = Time.GetUtcNow();
        (await Store.WorkAsync(now.AddHours(-1), now.AddHours(1), InTime))["run"].Select(one => one.Amount).ShouldBe([3, 7, 2]);
        await RefusedAsync("UPDATE usage_parts SET ended_at = 1");
        await RefusedAsync("DELETE FROM work_counts");
    }

    [Fact]
    public async Task A_bill_is_withdrawn_and_never_changed_and_both_are_known_afterwards()
    {
        var bill = new Bill("b1", "studio", new(2026, 3, 1), new(2026, 4, 1), 5_000_000, null, null, Begin, "alice");
        await Bills.AddAsync([bill], ByAlice, InTime);
        (await Bills.ListAsync(InTime)).ShouldHaveSingleItem().ShouldBe(bill);
        (await Bills.ListAsync(InTime, new(2026, 4, 1))).ShouldBeEmpty();
        await RefusedAsync("UPDATE bills SET micros = 1");
        await RefusedAsync("DELETE FROM bills");
        await Bills.WithdrawAsync("b1", ByAlice, InTime);
        (await Bills.ListAsync(InTime)).ShouldBeEmpty();
        await RefusedAsync("UPDATE bills SET withdrawn_at = NULL");
        (await CountAsync("audit WHERE target_id = 'b1' AND action IN ('bill.enter', 'bill.withdraw')")).ShouldBe(2);
    }

    protected async Task<CostTable> ReadAsync(CostSight sight, CostDimension by, DateOnly? from = null, DateOnly? to = null)
    {
        var table = new CostTable(by);
        var book = new CostBook(Store, Bills, new AfterAll());
        await foreach (var charge in book.ReadAsync(sight, from ?? new(2026, 3, 1), to ?? new(2026, 4, 1), TimeZoneInfo.Utc, InTime))
            table.Add(charge);
        return table;
    }

    private async Task RefusedAsync(string sql)
    {
        await using var connection = await Database.OpenAsync(InTime);
        await Should.ThrowAsync<DbException>(() => connection.ExecuteAsync(sql), sql);
    }

    private sealed class AfterAll : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Begin.AddDays(60);
    }
}
