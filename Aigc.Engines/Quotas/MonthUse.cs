using Aigc.Engines.Metering;

namespace Aigc.Engines.Quotas;

/// <summary>What somebody has used since the month began, in the units of <see cref="QuotaLimit"/>.</summary>
public readonly record struct MonthUse(long MilliGpuHours, long Micros)
{
    private const long MillisecondsPerHour = 3_600_000;

    /// <param name="uses">What goes on has its end in the present.</param>
    public static MonthUse Of(IEnumerable<ComputeUse> uses, IReadOnlyDictionary<string, PriceList> prices, DateOnly month, TimeZoneInfo zone)
    {
        Int128 time = 0;
        var money = 0L;
        foreach (var use in uses)
        {
            foreach (var line in Costs.LinesOf(use, prices.GetValueOrDefault(use.Pool) ?? PriceList.Free, zone).Where(line => line.Day >= month))
            {
                time += line.MilliGpuMilliseconds;
                money += line.Micros;
            }
        }

        return new((long)(time / MillisecondsPerHour), money);
    }

    /// <summary>The first day of the month that it is.</summary>
    public static DateOnly MonthAt(DateTimeOffset now, TimeZoneInfo zone)
    {
        var day = Days.Of(now, zone);
        return new(day.Year, day.Month, 1);
    }
}
