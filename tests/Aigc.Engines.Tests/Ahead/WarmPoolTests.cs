using Aigc.Engines.Ahead;

namespace Aigc.Engines.Tests.Ahead;

public sealed class WarmPoolTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0.01, 1, 0)]
    [InlineData(0.1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(10, 1, 15)]
    [InlineData(10, 8, 11)]
    [InlineData(10, 100, 0)]
    public void One_more_is_kept_while_somebody_is_likely_enough_to_need_it_for_what_it_holds(double expected, double gpus, int size)
    {
        WarmPools.Size(expected, replacement: TimeSpan.FromSeconds(20), gpus, worth: TimeSpan.FromSeconds(400)).ShouldBe(size);
    }

    [Fact]
    public void More_people_never_get_fewer_and_dearer_ones_are_never_more()
    {
        for (var expected = 0.0; expected < 20; expected += 0.5)
        {
            SizeFor(expected + 0.5, 1).ShouldBeGreaterThanOrEqualTo(SizeFor(expected, 1));
            SizeFor(expected, 2).ShouldBeLessThanOrEqualTo(SizeFor(expected, 1));
        }

        static int SizeFor(double expected, double gpus) => WarmPools.Size(expected, TimeSpan.FromSeconds(20), gpus, TimeSpan.FromSeconds(400));
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
