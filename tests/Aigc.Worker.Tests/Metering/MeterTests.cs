using Aigc.Engines.Access;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;
using Aigc.Worker.Metering;
using Aigc.Worker.Runtimes;
using Aigc.Worker.Tests.Leading;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Worker.Tests.Metering;

/// <summary>What was not used, and disks, are told apart from use, or people pay for what they don't know of.</summary>
public sealed class MeterTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Plant _plant = new();
    private readonly ManualClock _clock = new();
    private Engine _engine = null!;
    private Term _term;
    private MeterStore _store = null!;
    private IdleMeter _meter = null!;
    private DateTimeOffset _lastUse;

    public async Task InitializeAsync()
    {
        await _plant.SeedAsync();
        _engine = (await _plant.Engines.FindAsync(await _plant.EngineAsync(awake: false), None))! with { RuntimeUid = "run" };
        _term = (await _plant.Lease.TakeAsync(null, None))!.Value;
        _store = new(_plant.Database, _clock);
        _meter = new(_store, _term);
        _lastUse = _clock.GetUtcNow();
        await _plant.Usage.StartedAsync(_engine, "run", _clock.GetUtcNow(), _term, None);
    }

    public async Task DisposeAsync() => await _plant.DisposeAsync();

    [Fact]
    public async Task A_pause_is_idle_from_the_last_use_to_the_next_and_a_short_one_is_use()
    {
        var begin = _clock.GetUtcNow();
        await PassAsync(minutes: 10);
        await UseAsync();
        await PassAsync(minutes: 4);
        await UseAsync();
        (await PartsAsync()).ShouldHaveSingleItem().ShouldBe(new(CostKind.Idle, begin, begin.AddMinutes(10)));
    }

    [Fact]
    public async Task The_pause_before_sleep_ends_with_it()
    {
        var begin = _clock.GetUtcNow();
        await PassAsync(minutes: 30);
        _clock.Advance(TimeSpan.FromSeconds(1));
        // It is not among the ready ones any more.
        await _meter.WriteAsync(_clock.GetUtcNow(), None);
        (await PartsAsync()).ShouldHaveSingleItem().ShouldBe(new(CostKind.Idle, begin, begin.AddMinutes(30).AddSeconds(1)));
    }

    [Fact]
    public async Task Work_and_open_requests_are_no_pause()
    {
        await PassAsync(minutes: 20, open: 1);
        await PassAsync(minutes: 20, busy: Busy.Busy);
        await PassAsync(minutes: 20, busy: Busy.Unknown);
        await PassAsync(minutes: 1);
        await _meter.WriteAsync(_clock.GetUtcNow(), None);
        (await PartsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_takes_over_finds_the_pause_that_it_did_not_see_begin()
    {
        var begin = _clock.GetUtcNow();
        await PassAsync(minutes: 3);
        _meter = new(_store, _term);
        await PassAsync(minutes: 9);
        await UseAsync();
        (await PartsAsync()).ShouldHaveSingleItem().ShouldBe(new(CostKind.Idle, begin, begin.AddMinutes(12)));
    }

    [Fact]
    public async Task What_an_administrator_had_opened_for_themselves_is_shared_until_it_is_over()
    {
        var begin = _clock.GetUtcNow();
        _engine = _engine with { Access = [new(SubjectKind.Person, "admin", AccessLevel.Use, begin.AddMinutes(7)), new(SubjectKind.Group, "art", AccessLevel.View, null)] };
        for (var i = 0; i < 10; i++)
            await UseAsync(minutes: 1);
        (await PartsAsync()).ShouldHaveSingleItem().ShouldBe(new(CostKind.Shared, begin.AddMinutes(1), begin.AddMinutes(7)));
    }

    [Fact]
    public async Task A_disk_is_metered_from_its_making_through_sleep_to_its_end_and_looked_at_no_more_than_is_needed()
    {
        var sizes = new Sizes();
        var meter = new DiskMeter(_store, sizes, _term, _clock, NullLogger<DiskMeter>.Instance);
        await meter.MeterAsync(None);
        var made = _clock.GetUtcNow();
        sizes.Bytes = 5;
        await meter.MeterAsync(None);
        _clock.Advance(TimeSpan.FromMinutes(30));
        sizes.Bytes = 8;
        await meter.MeterAsync(None);
        sizes.Asked.ShouldBe(2, "the first answer is good for an hour");
        _clock.Advance(TimeSpan.FromMinutes(30));
        await meter.MeterAsync(None);
        _clock.Advance(TimeSpan.FromHours(1));
        sizes.Bytes = null;
        await meter.MeterAsync(None);
        sizes.Bytes = 0;
        await meter.MeterAsync(None);
        var disks = await new CostStore(_plant.Database).DisksAsync(CostSight.Everything, made, made.AddDays(1), made.AddDays(1), None).ToListAsync();
        disks.Select(disk => (disk.Bytes, disk.StartedAt - made, disk.EndedAt - made)).ShouldBe(
            [(5, TimeSpan.Zero, TimeSpan.FromHours(1)), (8, TimeSpan.FromHours(1), TimeSpan.FromHours(2))], ignoreOrder: true);
    }

    [Fact]
    public async Task Work_is_counted_once_also_by_a_worker_that_takes_over()
    {
        var work = new WorkMeter(_store, _term);
        foreach (var total in new long?[] { null, 0, 3, 3, 5 })
            await work.NoteAsync(_engine, total, None);
        await new WorkMeter(_store, _term).NoteAsync(_engine, 6, None);
        var now = _clock.GetUtcNow();
        (await new CostStore(_plant.Database).WorkAsync(now.AddDays(-1), now.AddDays(1), None))["run"].Sum(one => one.Amount).ShouldBe(6);
    }

    private async Task UseAsync(int minutes = 0)
    {
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        _lastUse = _clock.GetUtcNow();
        await LookAsync(0, Busy.Idle);
    }

    private async Task PassAsync(int minutes, int open = 0, Busy busy = Busy.Idle)
    {
        for (var i = 0; i < minutes; i++)
        {
            await LookAsync(open, busy);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private async Task LookAsync(int open, Busy busy)
    {
        var now = _clock.GetUtcNow();
        _meter.Note(_engine, new(_lastUse, open, _lastUse, busy, now, null, null, null), now);
        await _meter.WriteAsync(now, None);
    }

    private async Task<IReadOnlyList<UsePart>> PartsAsync() =>
        (await new CostStore(_plant.Database).PartsAsync(_clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow().AddDays(1), None)).GetValueOrDefault("run", []);

    private sealed class Sizes : IDiskSizes
    {
        public long? Bytes { get; set; } = 0;

        public int Asked { get; private set; }

        public TimeSpan GoodFor => TimeSpan.FromHours(1);

        public Task<long?> SizeAsync(EngineId engine, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(Bytes);
        }
    }
}
