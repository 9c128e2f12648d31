using Aigc.Engines.Ahead;

namespace Aigc.Engines.Tests.Ahead;

public sealed class HabitTests
{
    private static readonly DateOnly Monday = new(2026, 3, 30);

    [Fact]
    public void Who_came_on_three_of_the_last_four_Mondays_within_half_an_hour_is_expected_from_the_earliest_on()
    {
        On(Monday, "2026-03-02 09:20", "2026-03-09 09:05", "2026-03-16 13:00", "2026-03-23 09:31").ShouldBe([At("2026-03-30 09:05") - Habit.Lead]);
        On(Monday, "2026-03-02 09:20", "2026-03-09 09:05", "2026-03-23 09:36").ShouldBeEmpty("31 minutes");
        On(Monday, "2026-03-02 09:20", "2026-03-09 09:05").ShouldBeEmpty("two weeks are none");
        On(Monday, "2026-03-09 09:05", "2026-03-09 09:10", "2026-03-09 09:15").ShouldBeEmpty("one week, however often");
        On(Monday.AddDays(1), "2026-03-02 09:20", "2026-03-09 09:05", "2026-03-16 09:15").ShouldBeEmpty("a Tuesday is no Monday");
    }

    [Fact]
    public void Two_absences_end_a_habit_and_what_is_older_than_four_weeks_is_none()
    {
        string[] came = ["2026-03-02 09:00", "2026-03-09 09:00", "2026-03-16 09:00", "2026-03-23 09:00"];
        On(Monday, came).Count.ShouldBe(1);
        On(Monday.AddDays(7), came).Count.ShouldBe(1, "one absence");
        On(Monday.AddDays(14), came).ShouldBeEmpty();
    }

    [Fact]
    public void A_day_may_have_several()
    {
        On(Monday, [.. Mondays("09:00"), .. Mondays("13:15"), .. Mondays("13:35"), .. Mondays("18:00")])
            .ShouldBe(new[] { "2026-03-30 09:00", "2026-03-30 13:15", "2026-03-30 18:00" }.Select(at => At(at) - Habit.Lead));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-30", "09:00")]
    [InlineData("Europe/Berlin", "2026-10-26", "09:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-05", "09:00")]
    [InlineData("America/New_York", "2028-02-29", "08:30")]
    public void It_stays_where_it_is_on_the_clock_when_clocks_change(string zone, string day, string time)
    {
        var (studio, today) = (TimeZoneInfo.FindSystemTimeZoneById(zone), DateOnly.Parse(day, null));
        var comings = Enumerable.Range(1, 4).Select(week =>
        {
            var local = today.AddDays(-7 * week).ToDateTime(TimeOnly.Parse(time, null));
            return new DateTimeOffset(local, studio.GetUtcOffset(local));
        });
        var wake = Habit.On(today, comings, studio).ShouldHaveSingleItem() + Habit.Lead;
        TimeZoneInfo.ConvertTime(wake, studio).DateTime.ShouldBe(today.ToDateTime(TimeOnly.Parse(time, null)));
    }

    [Fact]
    public void A_time_that_is_skipped_is_the_moment_of_the_change_and_one_that_comes_twice_is_the_first()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Sunday(new(2026, 3, 29)).ShouldBe(DateTimeOffset.Parse("2026-03-29T01:00:00Z", null) - Habit.Lead);
        Sunday(new(2026, 10, 25)).ShouldBe(DateTimeOffset.Parse("2026-10-25T00:30:00Z", null) - Habit.Lead);

        DateTimeOffset Sunday(DateOnly day) => Habit.On(day, Enumerable.Range(1, 4).Select(week =>
        {
            var local = day.AddDays(-7 * week).ToDateTime(new(2, 30));
            return new DateTimeOffset(local, berlin.GetUtcOffset(local));
        }), berlin).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_begins_around_midnight_is_one_habit()
    {
        string[] came = ["2026-03-02 23:50", "2026-03-10 00:05", "2026-03-16 23:55"];
        On(Monday, came).ShouldBe([At("2026-03-30 23:50") - Habit.Lead]);
        On(Monday.AddDays(1), came).ShouldBeEmpty("it is Monday's");
    }

    [Fact]
    public void Who_was_away_for_an_hour_has_come_and_an_engine_that_was_woken_for_nobody_says_nothing()
    {
        PastSession[] sessions =
        [
            Session("09:00", "10:00"), Session("10:30", "12:00"), Session("13:00", "14:00"),
            Session("15:00", "15:40") with { Early = true },
            Session("16:00", "18:00") with { Early = true, CameAt = At("2026-03-02 16:20") },
            Session("18:10", null),
        ];
        Habit.Comings(sessions).ShouldBe(new[] { "09:00", "13:00", "16:20" }.Select(time => At($"2026-03-02 {time}")));
        Habit.Comings([Session("09:00", null), Session("12:00", null)]).Count().ShouldBe(1, "what goes on is no absence");
    }

    [Fact]
    public void Over_random_weeks_every_wake_has_three_weeks_behind_it_and_none_comes_within_an_hour_of_another()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var comings = Enumerable.Range(0, random.Next(60)).Select(_ => At("2026-02-23 00:00").AddMinutes(random.Next(35 * 24 * 60))).Order().ToList();
            for (var day = Monday; day < Monday.AddDays(7); day = day.AddDays(1))
            {
                var wakes = Habit.On(day, comings, TimeZoneInfo.Utc);
                foreach (var wake in wakes.Select(wake => wake + Habit.Lead))
                {
                    Enumerable.Range(1, 4).Count(week => comings.Any(coming => coming.AddDays(7 * week) is var alike && alike >= wake && alike < wake + Habit.Span))
                        .ShouldBeGreaterThanOrEqualTo(3, $"seed {seed}");
                }

                wakes.Zip(wakes.Skip(1)).ShouldAllBe(pair => pair.Second - pair.First >= Habit.Absence);
            }
        }
    }

    private static string[] Mondays(string time) => [.. new[] { "02", "09", "16", "23" }.Select(day => $"2026-03-{day} {time}")];

    private static IReadOnlyList<DateTimeOffset> On(DateOnly day, params string[] came) => Habit.On(day, came.Select(At), TimeZoneInfo.Utc);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"{time}Z", System.Globalization.CultureInfo.InvariantCulture);

    private static PastSession Session(string from, string? until) => new(At($"2026-03-02 {from}"), until is null ? null : At($"2026-03-02 {until}"));
}
