namespace Aigc.Engines.Metering;

/// <summary>
/// What compute cost. The cost of a use is rounded down once, as a whole; its lines are the steps on the way, so that they add up to it
/// to the last unit, however they are grouped or cut.
/// </summary>
public static class Costs
{
    /// <summary>Millionths are counted in thousandths of GPUs and in milliseconds.</summary>
    private static readonly Int128 MilliGpuMillisecondsPerGpuHour = 1000L * 3_600_000;

    /// <param name="zone">Where days begin.</param>
    public static IEnumerable<CostLine> LinesOf(ComputeUse use, PriceList prices, TimeZoneInfo zone)
    {
        Int128 exact = 0;
        var from = use.StartedAt;
        foreach (var until in Cuts(use, prices, zone).Append(use.EndedAt))
        {
            var before = exact / MilliGpuMillisecondsPerGpuHour;
            exact += (Int128)prices.At(from) * use.MilliGpus * (long)(until - from).TotalMilliseconds;
            yield return new(use, DayOf(from, zone), from, until, (long)((exact / MilliGpuMillisecondsPerGpuHour) - before));
            from = until;
        }
    }

    private static IEnumerable<DateTimeOffset> Cuts(ComputeUse use, PriceList prices, TimeZoneInfo zone) =>
        prices.ChangesWithin(use.StartedAt, use.EndedAt).Concat(DaysWithin(use.StartedAt, use.EndedAt, zone)).Distinct().Order();

    private static IEnumerable<DateTimeOffset> DaysWithin(DateTimeOffset from, DateTimeOffset until, TimeZoneInfo zone)
    {
        for (var day = DayOf(from, zone).AddDays(1); BeginOf(day, zone) < until; day = day.AddDays(1))
        {
            if (BeginOf(day, zone) > from)
                yield return BeginOf(day, zone);
        }
    }

    private static DateOnly DayOf(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    /// <summary>Where clocks are set at midnight a day begins later, or for the second time: then its first moment counts.</summary>
    private static DateTimeOffset BeginOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        return new(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }
}
