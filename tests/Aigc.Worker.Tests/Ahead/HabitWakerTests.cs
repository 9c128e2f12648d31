using Aigc.Engines.Ahead;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Aigc.Worker.Ahead;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Tests.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Tests.Ahead;

/// <summary>Alice comes at nine on Fridays. Over a real database, at a time of day that the test sets.</summary>
public sealed class HabitWakerTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Actor Alice = new(new("alice"), "alice", null);
    private static readonly Pool Studio = new("studio", "nvidia.com/gpu", 1);
    private static readonly EngineNeeds OneGpu = new(new Dictionary<string, long> { ["nvidia.com/gpu"] = 1 }, EngineNeeds.None.Machines);

    private readonly string _folder = Directory.CreateTempSubdirectory("aigc-habit-").FullName;
    private readonly ManualClock _clock = new();
    private readonly StudioOptions _studio = new() { TimeZone = "Europe/Berlin", PreWakeGpuHours = 100 };
    private Database _database = null!;
    private EngineStore _engines = null!;
    private ObservedStore _observed = null!;
    private PendingWork<EngineId> _queue = null!;
    private Allocator _pools = null!;
    private Term _term;
    private HabitWaker _waker = null!;
    private int _made;

    public async Task InitializeAsync()
    {
        _database = Database.FromConnectionString($"Data Source={_folder}/database.db", _clock);
        await _database.MigrateAsync(None);
        (_engines, _observed, _queue) = (new(_database, _clock, new AwakeLimit(2, _studio.Zone)), new(_database, _clock), new(_clock));
        _term = (await new LeaderLease(_database, "test").TakeAsync(null, None))!.Value;
        _pools = new(null, _queue, _clock);
        _pools.Update([Studio], QuotaRules.None, Shares.Equal);
        await new TemplateStore(_database, _clock).SaveAsync(LocalMachine.Template("true"), "", Actor.Gateway, None);
        NewWaker();
    }

    [Fact]
    public async Task Her_engine_is_woken_before_she_comes_and_nobody_elses()
    {
        var (hers, other) = (await EngineAsync(), await EngineAsync());
        await ComesAsync(hers, weeks: 4);
        await AtAsync("2026-05-29 08:56:30");
        (await FindAsync(hers)).Desired.ShouldBe(Desired.Asleep);
        await AtAsync("2026-05-29 08:57:10");
        var woken = await FindAsync(hers);
        (woken.Desired, woken.DesiredReason.Code, woken.IsAhead).ShouldBe((Desired.Awake, Reasons.Habit, true));
        (await FindAsync(other)).Desired.ShouldBe(Desired.Asleep);
        (await new EventLog(_database).ReadAsync(hers, 0, 99, None))[^1].Reason.Code.ShouldBe(Reasons.Habit);
    }

    [Fact]
    public async Task She_can_say_no()
    {
        var hers = await EngineAsync();
        await ComesAsync(hers, weeks: 4);
        await AtAsync("2026-05-29 08:00");
        await _engines.AllowPreWakeAsync(hers, allowed: false, None);
        await IsNotWokenAsync(hers);
    }

    [Fact]
    public async Task Who_was_there_a_while_ago_is_not_waited_for()
    {
        var hers = await EngineAsync();
        await ComesAsync(hers, weeks: 4);
        await AtAsync("2026-05-29 07:30");
        await UseAsync(hers, TimeSpan.FromMinutes(40));
        await IsNotWokenAsync(hers);
    }

    [Fact]
    public async Task While_people_wait_for_cards_nobody_is_woken_ahead()
    {
        var hers = await EngineAsync();
        await ComesAsync(hers, weeks: 4);
        foreach (var person in (EngineId[])[await EngineAsync(), await EngineAsync()])
            _pools.Ask((await _engines.WakeAsync(person, new(Reasons.Visit), false, Alice, None))!, OneGpu);
        _pools.IsScarce.ShouldBeTrue();
        await IsNotWokenAsync(hers);
    }

    [Fact]
    public async Task What_waits_for_a_card_in_vain_sleeps_on_and_keeps_nobody_waiting()
    {
        var hers = await EngineAsync();
        await ComesAsync(hers, weeks: 4);
        _pools.Ask((await _engines.WakeAsync(await EngineAsync(), new(Reasons.Visit), false, Alice, None))!, OneGpu).ShouldBeNull();
        await AtAsync("2026-05-29 08:57:10");
        await QueuesAsync(hers);
        _pools.IsScarce.ShouldBeFalse("she is not there");
        await AtAsync("2026-05-29 08:58:50");
        (await FindAsync(hers)).Desired.ShouldBe(Desired.Awake);
        await AtAsync("2026-05-29 08:59:20");
        (await FindAsync(hers)).DesiredReason.Code.ShouldBe(Reasons.NoRoomAhead);
    }

    [Fact]
    public async Task Once_she_comes_her_place_in_the_queue_is_hers()
    {
        var hers = await EngineAsync();
        await ComesAsync(hers, weeks: 4);
        _pools.Ask((await _engines.WakeAsync(await EngineAsync(), new(Reasons.Visit), false, Alice, None))!, OneGpu);
        await AtAsync("2026-05-29 08:57:10");
        await QueuesAsync(hers);
        await AtAsync("2026-05-29 08:58");
        await _engines.WakeAsync(hers, new(Reasons.Visit), false, Alice, None);
        await QueuesAsync(hers);
        _pools.IsScarce.ShouldBeTrue();
        await AtAsync("2026-05-29 09:10");
        (await FindAsync(hers)).Desired.ShouldBe(Desired.Awake);
    }

    [Fact]
    public async Task The_days_hours_are_never_exceeded_and_what_was_not_used_is_there_for_others()
    {
        _studio.PreWakeGpuHours = Habit.Patience.TotalHours * 1.5;
        var engines = new[] { await EngineAsync(), await EngineAsync() };
        foreach (var engine in engines)
            await ComesAsync(engine, weeks: 4);
        var third = await EngineAsync();
        await ComesAsync(third, weeks: 4, at: "11:00");
        await AtAsync("2026-05-29 08:57:10");
        var awake = new List<Engine>();
        foreach (var engine in engines)
            awake.Add(await FindAsync(engine));
        awake.Count(engine => engine.Desired == Desired.Awake).ShouldBe(1, "two would be more");

        // She comes soon: what is left of the hours is enough for another.
        var hers = awake.Single(engine => engine.Desired == Desired.Awake);
        await ReadyAsync(hers.Id);
        await new HabitStore(_database).CameAsync([(hers.Id, _clock.GetUtcNow().AddMinutes(5))], _term, None);
        await AtAsync("2026-05-29 10:57:10");
        (await FindAsync(third)).Desired.ShouldBe(Desired.Awake);
    }

    [Fact]
    public async Task A_worker_that_takes_over_wakes_whom_it_is_not_too_late_for()
    {
        var hers = await EngineAsync();
        await ComesAsync(hers, weeks: 4);
        await AtAsync("2026-05-29 08:00");
        Pass("2026-05-29 09:11");
        NewWaker();
        await _waker.WakeAsync(None);
        (await FindAsync(hers)).Desired.ShouldBe(Desired.Awake);
        await _engines.SleepAsync(hers, new(Reasons.SleepAsked), Alice, None);
        Pass("2026-05-29 09:14");
        NewWaker();
        await _waker.WakeAsync(None);
        (await FindAsync(hers)).Desired.ShouldBe(Desired.Asleep, "too late by two minutes");
    }

    [Fact]
    public async Task Whoever_may_have_no_more_engines_awake_is_left_alone_and_a_template_that_is_gone_wakes_nothing()
    {
        var (hers, withdrawn) = (await EngineAsync(), await EngineAsync());
        await ComesAsync(hers, weeks: 4);
        await ComesAsync(withdrawn, weeks: 4, at: "11:00");
        foreach (var engine in (EngineId[])[await EngineAsync(), await EngineAsync()])
            await _engines.WakeAsync(engine, new(Reasons.Visit), false, Alice, None);
        await IsNotWokenAsync(hers);
        await new TemplateStore(_database, _clock).RemoveAsync("test", Actor.Gateway, None);
        await AtAsync("2026-05-29 10:57:10");
        (await FindAsync(withdrawn)).Desired.ShouldBe(Desired.Asleep);
    }

    public async Task DisposeAsync()
    {
        _queue.Dispose();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void NewWaker() => _waker = new(
        _engines, new(_database, _clock), new(_database), _pools, _term, Options.Create(_studio), _clock, NullLogger<HabitWaker>.Instance);

    private async Task<EngineId> EngineAsync()
    {
        var engine = Engine.Taken(new("alice"), new("art"), "test", "1", $"test-{++_made}", _clock.GetUtcNow());
        await _engines.CreateAsync(engine, Alice, None);
        return engine.Id;
    }

    private async Task<Engine> FindAsync(EngineId engine) => (await _engines.FindAsync(engine, None))!;

    /// <summary>On so many Fridays up to 22 May, for an hour.</summary>
    private async Task ComesAsync(EngineId engine, int weeks, string at = "09:00")
    {
        for (var week = weeks; week > 0; week--)
        {
            Pass($"{new DateOnly(2026, 5, 29).AddDays(-7 * week):yyyy-MM-dd} {at}");
            await UseAsync(engine, TimeSpan.FromHours(1));
        }
    }

    private async Task UseAsync(EngineId engine, TimeSpan time)
    {
        await _engines.WakeAsync(engine, new(Reasons.Visit), false, Alice, None);
        await ReadyAsync(engine);
        _clock.Set(time);
        var asleep = await _engines.SleepAsync(engine, new(Reasons.SleepAsked), Alice, None);
        await _observed.WriteAsync(engine, new(EngineState.Asleep, new(Reasons.SleepAsked), asleep!.Generation), _term, None);
    }

    private async Task ReadyAsync(EngineId engine) => await _observed.WriteAsync(
        engine, new(EngineState.Ready, new(Reasons.Ready), (await FindAsync(engine)).Generation, $"{Guid.NewGuid()}"), _term, None);

    private async Task QueuesAsync(EngineId engine)
    {
        var place = _pools.Ask(await FindAsync(engine), OneGpu).ShouldNotBeNull();
        await _observed.WriteAsync(engine, new(EngineState.Queued, new(Reasons.Queued, place.ToDetail()), (await FindAsync(engine)).Generation), _term, None);
    }

    private async Task IsNotWokenAsync(EngineId engine)
    {
        await AtAsync("2026-05-29 08:57:10");
        await AtAsync("2026-05-29 09:30");
        (await FindAsync(engine)).DesiredReason.Code.ShouldNotBe(Reasons.Habit);
    }

    private void Pass(string local)
    {
        var time = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture);
        _clock.Set(new DateTimeOffset(time, _studio.Zone.GetUtcOffset(time)) - _clock.GetUtcNow());
    }

    private Task AtAsync(string local)
    {
        Pass(local);
        return _waker.WakeAsync(None);
    }
}
