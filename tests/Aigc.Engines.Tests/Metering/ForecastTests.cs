using Aigc.Engines.Metering;

namespace Aigc.Engines.Tests.Metering;

public sealed class ForecastTests
{
    // A Wednesday.
    private static readonly DateOnly Today = new(2026, 4, 15);

    [Fact]
    public void Working_days_to_come_cost_as_they_did_and_others_as_others()
    {
        var costs = Days.Between(Forecast.Since(Today), Today).ToDictionary(day => day, day => Days.IsWorkingDay(day) ? 100L : 10);
        // April 2026 has 22 working days and 8 others.
        Forecast.OfMonth(costs, Today).ShouldBe((22 * 100) + (8 * 10));
    }

    [Fact]
    public void A_dear_today_counts_as_it_is()
    {
        var costs = Days.Between(Forecast.Since(Today), Today).ToDictionary(day => day, day => Days.IsWorkingDay(day) ? 100L : 0);
        costs[Today] = 500;
        Forecast.OfMonth(costs, Today).ShouldBe((21 * 100) + 500);
    }

    [Fact]
    public void Days_before_anything_was_metered_tell_nothing()
    {
        var costs = new Dictionary<DateOnly, long> { [Today.AddDays(-2)] = 100, [Today.AddDays(-1)] = 100 };
        Forecast.OfMonth(costs, Today).ShouldBe(200 + (100 * 12), "twelve working days from today on");
    }

    [Fact]
    public void A_leap_february_ends_on_the_29th() =>
        Forecast.OfMonth(new Dictionary<DateOnly, long> { [new(2028, 2, 25)] = 70 }, new(2028, 2, 28)).ShouldBe(70 * 3);

    [Fact]
    public void The_last_day_of_a_month_has_nothing_before_it() =>
        Forecast.OfMonth(new Dictionary<DateOnly, long> { [new(2026, 4, 30)] = 70 }, new(2026, 4, 30)).ShouldBe(70);
}
