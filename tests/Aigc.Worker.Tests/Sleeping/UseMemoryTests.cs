using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Tracking;
using Aigc.Worker.Clocks;
using Aigc.Worker.Leading;
using Aigc.Worker.Sleeping;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Worker.Tests.Sleeping;

/// <summary>An engine that somebody uses must not be put to sleep, and one that nobody uses must not keep its GPU, whatever the clocks do.</summary>
public sealed class UseMemoryTests
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(10);
    private static readonly IdlePolicy Policy = new([new(new() { Timeout = IdleTimeout }, PolicySource.Default)], TimeZoneInfo.Utc);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _machine = new();
    private readonly SteadyTime _time;
    private readonly UseMemory _memory;
    private Engine _engine;
    private TimeSpan? _quiet = TimeSpan.Zero;
    private int _open;

    public UseMemoryTests()
    {
        _time = new(_machine, NullLogger<SteadyTime>.Instance);
        _memory = NewTerm();
        _engine = new()
        {
            Id = EngineId.New(),
            Owner = new("alice"),
            Group = new("studio"),
            Template = "t",
            TemplateVersion = "1",
            Host = "h",
            Desired = Desired.Awake,
            DesiredReason = new(Reasons.Visit),
            Generation = 1,
            State = EngineState.Ready,
            CreatedAt = _time.GetUtcNow(),
            StateSince = _time.GetUtcNow(),
            ReadyAt = _time.GetUtcNow(),
            LastVisit = _time.GetUtcNow(),
        };
    }

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_engine_in_use_never_sleeps_however_the_clock_is_set(int seed)
    {
        var random = new Random(seed);
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            Pass(TimeSpan.FromSeconds(60));
            if (random.Next(30) == 0)
                _machine.Set(TimeSpan.FromHours(random.Next(2) * 2 - 1));
            // Somebody works: now and then a click, never longer apart than the idle timeout.
            if (_quiet >= IdleTimeout - TimeSpan.FromMinutes(2) || random.Next(4) == 0)
                Use(random);
            MaySleep().ShouldBeFalse($"minute {minute}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void An_idle_engine_sleeps_within_its_timeout_and_a_tenth(int hours)
    {
        Pass(TimeSpan.FromMinutes(3));
        _machine.Set(TimeSpan.FromHours(hours));
        var real = TimeSpan.FromMinutes(3);
        while (!MaySleep())
        {
            Pass(Second);
            real += Second;
        }

        real.ShouldBeInRange(IdleTimeout / 1.1 - Second, IdleTimeout / 0.9 + Second);
    }

    [Fact]
    public void A_visit_from_the_future_counts_as_now_and_not_for_ever()
    {
        MaySleep();
        Pass(TimeSpan.FromMinutes(9));
        _engine = _engine with { LastVisit = _machine.GetUtcNow() + TimeSpan.FromHours(5) };
        Pass(TimeSpan.FromMinutes(9));
        MaySleep().ShouldBeFalse();
        Pass(TimeSpan.FromMinutes(11));
        MaySleep().ShouldBeTrue();
    }

    [Fact]
    public void A_visit_from_the_past_that_is_new_counts_as_now()
    {
        MaySleep();
        Pass(TimeSpan.FromMinutes(30));
        _engine = _engine with { LastVisit = _machine.GetUtcNow() - TimeSpan.FromHours(5) };
        MaySleep().ShouldBeFalse();
    }

    [Fact]
    public void Keep_awake_is_kept_as_long_as_was_asked_on_a_clock_that_was_set()
    {
        MaySleep();
        _machine.Set(TimeSpan.FromHours(1));
        Pass(Second);
        _engine = _engine with { KeepAwakeUntil = _machine.GetUtcNow() + TimeSpan.FromHours(2) };
        for (var minute = 0; minute < 105; minute++)
        {
            Pass(TimeSpan.FromMinutes(1));
            MaySleep().ShouldBeFalse();
        }

        Pass(TimeSpan.FromMinutes(20));
        MaySleep().ShouldBeTrue();
    }

    [Fact]
    public void A_tracker_that_was_away_or_has_lost_everything_counts_as_use()
    {
        MaySleep();
        Pass(TimeSpan.FromHours(1));
        _memory.NoteOutage();
        MaySleep().ShouldBeFalse();
        Pass(TimeSpan.FromHours(1));
        MaySleep().ShouldBeTrue();
        _quiet = null;
        MaySleep().ShouldBeFalse();
        Pass(TimeSpan.FromMinutes(11), heard: false);
        MaySleep().ShouldBeTrue();
    }

    [Fact]
    public void The_first_look_after_an_outage_of_the_database_counts_as_use()
    {
        _quiet = TimeSpan.FromHours(2);
        Pass(TimeSpan.FromHours(2));
        IsOver(NewTerm(afterOutage: true)).ShouldBeFalse();
        IsOver(NewTerm()).ShouldBeTrue();
    }

    private static UseMemory NewTermOf(TimeProvider time, bool afterOutage)
    {
        var term = new TermScope();
        term.Begin(new(1), afterOutage);
        return new(term, time);
    }

    private UseMemory NewTerm(bool afterOutage = false) => NewTermOf(_time, afterOutage);

    private void Use(Random random)
    {
        _quiet = TimeSpan.Zero;
        _open = random.Next(5) == 0 ? 1 : 0;
    }

    private void Pass(TimeSpan real, bool heard = true)
    {
        _machine.Advance(real);
        if (heard && _quiet is not null)
            _quiet += real;
        if (_open > 0)
            _quiet = TimeSpan.Zero;
    }

    private bool MaySleep() => IsOver(_memory);

    private bool IsOver(UseMemory memory)
    {
        var activity = new Dictionary<EngineId, EngineActivity> { [_engine.Id] = new(_open, _quiet) };
        var usage = memory.Hear([_engine], activity)[0];
        return Idleness.Look(usage, Policy, _time.GetUtcNow()).SleepsAt <= _time.GetUtcNow();
    }
}
