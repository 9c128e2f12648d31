using Aigc.Engines.Policies;

namespace Aigc.Engines.Tests.Policies;

/// <summary>An engine must not sleep early, or stay awake all night, because a clock was changed or February was longer.</summary>
public sealed class WorkingCalendarTests
{
    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Half an hour's change (Lord Howe), changes at midnight (Asunción, Beirut), none (Shanghai), and both halves of the world.</summary>
    public static TheoryData<string> Zones =>
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Asuncion", "Asia/Beirut", "Asia/Shanghai", "Asia/Kathmandu", "UTC"];

    [Fact]
    public void Work_begins_and_ends_by_the_wall_clock_before_and_after_the_clocks_change()
    {
        var calendar = Calendar("Europe/Berlin", 9, 18, Weekdays);
        // Clocks go forward on Sunday 29 March 2026: 9 o'clock is 8:00 UTC before, 7:00 UTC after.
        calendar.IsOpen(At("2026-03-27T08:00:00Z")).ShouldBeTrue();
        calendar.IsOpen(At("2026-03-27T07:59:59Z")).ShouldBeFalse();
        calendar.IsOpen(At("2026-03-30T07:00:00Z")).ShouldBeTrue();
        calendar.IsOpen(At("2026-03-30T06:59:59Z")).ShouldBeFalse();
        calendar.NextChange(At("2026-03-27T18:00:00Z")).ShouldBe(At("2026-03-30T07:00:00Z"));
    }

    [Fact]
    public void What_the_clock_skips_is_the_moment_of_the_change_and_what_comes_twice_is_open_from_the_first_to_the_last()
    {
        var night = new WorkingCalendar(new([DayOfWeek.Sunday], new(2, 30, 0), new(2, 45, 0)), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        night.IsOpen(At("2026-03-29T01:00:00Z")).ShouldBeFalse("there is no half past two that night");
        // On 25 October 2026 it is half past two at 0:30 UTC and at 1:30 UTC.
        night.IsOpen(At("2026-10-25T00:30:00Z")).ShouldBeTrue();
        night.IsOpen(At("2026-10-25T01:10:00Z")).ShouldBeTrue();
        night.IsOpen(At("2026-10-25T01:45:00Z")).ShouldBeFalse();
    }

    [Fact]
    public void The_leap_day_is_a_day_like_the_others()
    {
        var calendar = Calendar("Asia/Shanghai", 9, 18, [DayOfWeek.Tuesday]);
        calendar.IsOpen(At("2028-02-29T01:00:00Z")).ShouldBeTrue("29 February 2028 is a Tuesday");
        calendar.NextChange(At("2028-02-28T12:00:00Z")).ShouldBe(At("2028-02-29T01:00:00Z"));
    }

    [Fact]
    public void A_night_shift_belongs_to_the_day_on_which_it_begins()
    {
        var calendar = Calendar("UTC", 22, 6, [DayOfWeek.Friday]);
        calendar.IsOpen(At("2026-11-20T23:00:00Z")).ShouldBeTrue("Friday evening");
        calendar.IsOpen(At("2026-11-21T05:59:00Z")).ShouldBeTrue("Saturday morning");
        calendar.IsOpen(At("2026-11-21T06:00:00Z")).ShouldBeFalse();
        calendar.IsOpen(At("2026-11-20T05:00:00Z")).ShouldBeFalse("Friday morning belongs to Thursday");
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void Between_two_changes_nothing_changes_and_each_working_day_is_as_long_as_it_says(string zoneName)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var random = new Random(zoneName.Length * 31 + zoneName[^1]);
        for (var run = 0; run < 40; run++)
        {
            var from = TimeSpan.FromMinutes(random.Next(0, 24 * 60));
            var to = TimeSpan.FromMinutes(random.Next(1, (24 * 60) + 1));
            var days = Enum.GetValues<DayOfWeek>().Where(_ => random.Next(3) > 0).DefaultIfEmpty(DayOfWeek.Monday).ToArray();
            var calendar = new WorkingCalendar(new(days, from, to), zone);
            var length = to > from ? to - from : to + Day - from;
            var at = At("2023-12-20T00:00:00Z") + TimeSpan.FromMinutes(random.Next(0, 5 * 365 * 24 * 60));
            for (var step = 0; step < 20; step++)
            {
                var next = calendar.NextChange(at);
                next.ShouldBeGreaterThan(at);
                next.ShouldBeLessThanOrEqualTo(at + TimeSpan.FromDays(8));
                var open = calendar.IsOpen(at);
                calendar.IsOpen(at + ((next - at) / 2)).ShouldBe(open, $"{zoneName} {from}-{to} between {at:u} and {next:u}");
                calendar.IsOpen(next - TimeSpan.FromTicks(1)).ShouldBe(open);
                // Where no clock changes nearby, the wall clock says the same.
                if (IsPlain(zone, at))
                    open.ShouldBe(ByWallClock(days, from, to, TimeZoneInfo.ConvertTime(at, zone).DateTime), $"{zoneName} {from}-{to} at {at:u}");
                if (open && step > 0 && IsPlain(zone, at) && IsPlain(zone, next) && !calendar.IsOpen(next) && length < Day)
                    ((next - at) <= length).ShouldBeTrue();
                at = next;
            }
        }
    }

    private static bool IsPlain(TimeZoneInfo zone, DateTimeOffset at) =>
        zone.GetUtcOffset(at - (2 * Day)) == zone.GetUtcOffset(at) && zone.GetUtcOffset(at + (2 * Day)) == zone.GetUtcOffset(at);

    private static bool ByWallClock(DayOfWeek[] days, TimeSpan from, TimeSpan to, DateTime local)
    {
        var (today, time) = (local.DayOfWeek, local.TimeOfDay);
        var yesterday = local.AddDays(-1).DayOfWeek;
        return to > from
            ? days.Contains(today) && from <= time && time < to
            : (days.Contains(today) && from <= time) || (days.Contains(yesterday) && time < to);
    }

    private static WorkingCalendar Calendar(string zone, int from, int to, DayOfWeek[] days) =>
        new(new(days, TimeSpan.FromHours(from), TimeSpan.FromHours(to)), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
