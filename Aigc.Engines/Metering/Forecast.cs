namespace Aigc.Engines.Metering;

/// <summary>
/// What a month will have cost: what its days have cost until yesterday, and for each day that is left the mean of the last four weeks'
/// working days or of their other days. Today costs what it has cost so far, or that mean, whichever is more.
/// </summary>
public static class Forecast
{
    public const int DaysLookedAt = 28;

    /// <summary>The first day whose costs matter to the forecast.</summary>
    public static DateOnly Since(DateOnly today) => First(today) is var first && today.AddDays(-DaysLookedAt) is var before && before < first ? before : first;

    /// <param name="costs">By the day, from <see cref="Since"/> on; a day that is missing cost nothing.</param>
    public static long OfMonth(IReadOnlyDictionary<DateOnly, long> costs, DateOnly today)
    {
        var first = First(today);
        // Days before anything was metered tell nothing.
        var known = costs.Where(day => day.Value > 0).Select(day => day.Key).DefaultIfEmpty(today).Min();
        var past = Days.Between(today.AddDays(-DaysLookedAt), today).Where(day => day >= known).ToList();
        var spent = Days.Between(first, today).Sum(Cost);
        var now = Math.Max(Cost(today), Expected(today));
        return spent + now + Days.Between(today.AddDays(1), first.AddMonths(1)).Sum(Expected);

        long Cost(DateOnly day) => costs.GetValueOrDefault(day);

        long Expected(DateOnly day)
        {
            var alike = past.Where(other => Days.IsWorkingDay(other) == Days.IsWorkingDay(day)).ToList();
            return alike.Count == 0 ? 0 : alike.Sum(Cost) / alike.Count;
        }
    }

    private static DateOnly First(DateOnly day) => new(day.Year, day.Month, 1);
}
