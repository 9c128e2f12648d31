using Aigc.Engines.Ahead;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;

namespace Aigc.Worker.Tests.Sleeping;

/// <summary>No work is lost to a sleep, nobody is surprised by one, and no engine holds its GPU for ever.</summary>
public sealed class SleepSweepTests
{
    private const string AtWork = """{"queue_running":[[1]],"queue_pending":[[2]]}""";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_engine_that_nobody_uses_is_told_of_and_sleeps_after_the_warning()
    {
        await using var room = await Bedroom.NewAsync();
        await room.PassAsync(17 * Minute, step: 5);
        var outlook = (await room.OutlookAsync()).ShouldNotBeNull();
        (outlook.Why, outlook.Last, outlook.WarnedAt).ShouldBe((Hold.Activity, UseKind.Ready, null));

        await room.PassAsync(2 * Minute);
        outlook = (await room.OutlookAsync())!;
        outlook.WarnedAt.ShouldNotBeNull();
        outlook.EndsAt!.Value.ShouldBe(room.Now + Minute, TimeSpan.FromSeconds(2));

        await room.PassAsync(TimeSpan.FromSeconds(50));
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Awake);
        await room.PassAsync(TimeSpan.FromSeconds(20));
        var engine = await room.EngineAsync();
        (engine.Desired, engine.DesiredReason).ShouldBe((Desired.Asleep, new(Reasons.Idle)));
    }

    [Fact]
    public async Task A_click_in_the_last_minute_voids_the_warning()
    {
        await using var room = await Bedroom.NewAsync();
        await room.PassAsync(19 * Minute, step: 5);
        (await room.OutlookAsync())!.WarnedAt.ShouldNotBeNull();
        await room.UseAsync();
        await room.PassAsync(TimeSpan.FromSeconds(2));
        (await room.OutlookAsync())!.WarnedAt.ShouldBeNull();
        await room.PassAsync(18 * Minute, step: 5);
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Awake);
    }

    [Fact]
    public async Task Keep_awake_voids_the_warning_and_holds()
    {
        await using var room = await Bedroom.NewAsync();
        await room.PassAsync(19 * Minute, step: 5);
        await room.KeepAwakeAsync(TimeSpan.FromHours(1));
        await room.PassAsync(TimeSpan.FromSeconds(2));
        var outlook = (await room.OutlookAsync())!;
        (outlook.Why, outlook.WarnedAt).ShouldBe((Hold.KeepAwake, null));
        await room.PassAsync(50 * Minute, step: 10);
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Awake);
        await room.PassAsync(12 * Minute, step: 2);
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Asleep);
    }

    [Fact]
    public async Task What_is_at_work_is_not_slept_before_the_hard_maximum_and_then_with_its_reason()
    {
        await using var room = await Bedroom.NewAsync();
        await room.LayDownAsync("""{"busyLimit":"2h"}""");
        room.Says = AtWork;
        await room.PassAsync(115 * Minute, step: 10);
        var outlook = (await room.OutlookAsync())!;
        (outlook.Why, outlook.Said!.Jobs).ShouldBe((Hold.Work, 2));
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Awake);
        await room.PassAsync(4 * Minute, step: 1);
        (await room.OutlookAsync())!.WarnedAt.ShouldNotBeNull("also who sleeps by force is warned");
        await room.PassAsync(3 * Minute, step: 1);
        (await room.EngineAsync()).DesiredReason.ShouldBe(new(Reasons.BusyTooLong, "a picture is being made (ComfyUI queue: 2)"));
    }

    [Fact]
    public async Task Who_is_expected_and_does_not_come_holds_no_card_for_longer_than_that()
    {
        await using var room = await Bedroom.NewAsync(woken: Reasons.Habit);
        await room.PassAsync(TimeSpan.FromSeconds(2));
        await room.PassAsync(10 * Minute, step: 10);
        room.NewLeader();
        await room.PassAsync(Habit.Patience - (11 * Minute), step: 10);
        (await room.OutlookAsync())!.Why.ShouldBe(Hold.Expected);
        await room.PassAsync(2 * Minute);
        (await room.EngineAsync()).DesiredReason.Code.ShouldBe(Reasons.NobodyCame);
        (await room.EarlyAsync()).CameAt.ShouldBeNull();
    }

    [Fact]
    public async Task Who_comes_is_noted_and_has_the_engine_as_ever()
    {
        await using var room = await Bedroom.NewAsync(woken: Reasons.Habit);
        await room.PassAsync(TimeSpan.FromSeconds(2));
        await room.PassAsync(10 * Minute, step: 10);
        await room.UseAsync(open: 1);
        var came = room.Now;
        await room.PassAsync(TimeSpan.FromSeconds(2));
        await room.UseAsync();
        (await room.EarlyAsync()).CameAt!.Value.ShouldBe(came, Minute);
        await room.PassAsync(19 * Minute, step: 5);
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Awake);
        (await room.OutlookAsync())!.Why.ShouldBe(Hold.Activity);
        await room.PassAsync(3 * Minute);
        (await room.EngineAsync()).DesiredReason.Code.ShouldBe(Reasons.Idle);
    }

    [Fact]
    public async Task Another_worker_goes_on_counting_the_hard_maximum()
    {
        await using var room = await Bedroom.NewAsync();
        await room.LayDownAsync("""{"busyLimit":"1h"}""");
        room.Says = AtWork;
        for (var leader = 0; leader < 4; leader++)
        {
            await room.PassAsync(16 * Minute, step: 5);
            room.NewLeader();
        }

        (await room.EngineAsync()).DesiredReason.Code.ShouldBe(Reasons.BusyTooLong);
    }

    [Theory]
    [InlineData("<html>", Hold.Unknown, Reasons.UnknownTooLong)]
    [InlineData(null, Hold.Unknown, Reasons.UnknownTooLong)]
    public async Task An_answer_that_nobody_can_read_holds_it_up_to_its_limit(string? says, Hold why, string ends)
    {
        await using var room = await Bedroom.NewAsync(template => template with { Busy = template.Busy! with { UnknownLimit = 30 * Minute } });
        room.Says = says;
        await room.LayDownAsync("""{"unknownLimit":"45m"}""");
        await room.PassAsync(29 * Minute, step: 10);
        (await room.OutlookAsync())!.Why.ShouldBe(why, "the template's own thirty minutes are stricter, and nearly over");
        await room.PassAsync(4 * Minute, step: 2);
        (await room.EngineAsync()).DesiredReason.Code.ShouldBe(ends);
    }

    [Fact]
    public async Task A_rule_that_shortens_the_timeout_takes_nobody_by_surprise()
    {
        await using var room = await Bedroom.NewAsync();
        await room.PassAsync(10 * Minute, step: 5);
        await room.LayDownAsync("""{"timeout":"5m"}""");
        await room.PassAsync(TimeSpan.FromSeconds(30));
        (await room.OutlookAsync())!.WarnedAt.ShouldNotBeNull();
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Awake, "the minute of the warning is not over");
        await room.PassAsync(TimeSpan.FromSeconds(40));
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Asleep);
    }

    [Fact]
    public async Task When_work_ends_the_shorter_timeout_applies()
    {
        // The clock of these tests begins on Friday, 1 May 2026, at noon.
        await using var room = await Bedroom.NewAsync();
        await room.LayDownAsync("""{"timeout":"2h","workingHours":{"days":["fri"],"from":"09:00","to":"12:10"},"outside":{"timeout":"5m"}}""");
        await room.PassAsync(8 * Minute, step: 5);
        (await room.EngineAsync()).Desired.ShouldBe(Desired.Awake);
        (await room.OutlookAsync())!.Ends.ShouldBe(Reasons.QuietHours);
        await room.PassAsync(3 * Minute);
        (await room.EngineAsync()).DesiredReason.Code.ShouldBe(Reasons.QuietHours);
    }

    [Fact]
    public async Task Somebody_who_works_all_day_is_not_written_down_every_second()
    {
        await using var room = await Bedroom.NewAsync();
        var told = new HashSet<DateTimeOffset>();
        for (var i = 0; i < 600; i++)
        {
            await room.UseAsync(open: i % 2);
            await room.PassAsync(TimeSpan.FromSeconds(2), step: 2);
            if (await room.OutlookAsync() is { } outlook)
                told.Add(outlook.LastActivity);
        }

        told.Count.ShouldBeLessThanOrEqualTo(1 + (20 * 60 / 30), "at most each half a minute");
        told.Max().ShouldBeGreaterThan(room.Now - (3 * Minute));
    }
}
