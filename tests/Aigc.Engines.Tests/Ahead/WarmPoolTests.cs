using Aigc.Engines.Ahead;

namespace Aigc.Engines.Tests.Ahead;

public sealed class WarmPoolTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 0)]
    [InlineData(0.05, 2)]
    [InlineData(1, 5)]
    [InlineData(10, 19)]
    public void There_are_enough_for_nearly_everybody_who_comes_while_one_starts(double expected, int size)
    {
        WarmPools.Size(expected, missed: 0.01, fewest: 0.02).ShouldBe(size);
    }

    [Fact]
    public void Working_days_are_like_working_days_and_a_new_one_changes_what_is_expected()
    {
        var forecast = new ArrivalForecast(TimeZoneInfo.Utc);
        for (var day = 0; day < 5; day++)
        {
            for (var minute = 0; minute < 30; minute++)
                forecast.Arrived(Monday.AddDays(day).AddHours(10).AddMinutes(minute));
        }

        var next = Monday.AddDays(7);
        forecast.Expected(next.AddHours(10), TimeSpan.FromMinutes(1)).ShouldBe(2.0 / 3, 0.05, "nobody has come yet this morning");
        forecast.Expected(next.AddHours(3), TimeSpan.FromMinutes(1)).ShouldBe(0);
        forecast.Expected(next.AddDays(5).AddHours(10), TimeSpan.FromMinutes(1)).ShouldBe(0, "a Saturday");
    }
}
