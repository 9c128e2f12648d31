using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Metering;

/// <param name="MeanGpus">In use, on average over what is past of the day.</param>
/// <param name="BusiestGpus">In use, on average over the busiest hour.</param>
/// <param name="AlwaysOnHours">What the engines would have been awake that have been used by then, if none of them had ever slept since.</param>
public sealed record CostDay(DateOnly Day, CostSum Sum, double MeanGpus, double BusiestGpus, double AlwaysOnHours)
{
    public double SavedHours => Math.Max(0, AlwaysOnHours - Sum.AwakeHours);
}

/// <summary>How costs and use went on from day to day.</summary>
/// <param name="to">Exclusive.</param>
/// <param name="zone">Where days begin.</param>
/// <param name="now">Of today only what is past counts.</param>
public sealed class CostTrends(DateOnly from, DateOnly to, TimeZoneInfo zone, DateTimeOffset now)
{
    private const long Hour = 3_600_000;

    private readonly Dictionary<DateOnly, CostSum> _days = [];
    private readonly Dictionary<EngineId, DateTimeOffset> _firstUse = [];

    /// <summary>Thousandths of GPUs times milliseconds, by the hour since the epoch.</summary>
    private readonly Dictionary<long, Int128> _hours = [];

    public void Add(Charge charge)
    {
        if (!_days.TryGetValue(charge.Day, out var day))
            _days[charge.Day] = day = new();
        day.Add(charge);
        if (!charge.IsCompute || charge.Engine is not { } engine)
            return;
        if (!_firstUse.TryGetValue(engine, out var first) || charge.From < first)
            _firstUse[engine] = charge.From;
        var (at, until) = (charge.From.ToUnixTimeMilliseconds(), charge.Until.ToUnixTimeMilliseconds());
        while (at < until)
        {
            var next = Math.Min(until, ((at / Hour) + 1) * Hour);
            _hours[at / Hour] = _hours.GetValueOrDefault(at / Hour) + ((Int128)charge.Amount * (next - at));
            at = next;
        }
    }

    public IReadOnlyList<CostDay> Read()
    {
        var days = new List<CostDay>();
        foreach (var day in Days.Between(from, to))
        {
            var (begin, end) = (Days.BeginOf(day, zone), Days.BeginOf(day.AddDays(1), zone));
            if (begin >= now)
                break;
            end = end < now ? end : now;
            var sum = _days.GetValueOrDefault(day) ?? new();
            var busiest = Int128.Zero;
            for (var hour = begin.ToUnixTimeMilliseconds() / Hour; hour < (end.ToUnixTimeMilliseconds() + Hour - 1) / Hour; hour++)
                busiest = Int128.Max(busiest, _hours.GetValueOrDefault(hour));
            var alwaysOn = _firstUse.Values.Where(first => first < end).Sum(first => (end - (first > begin ? first : begin)).TotalHours);
            days.Add(new(day, sum, sum.GpuHours / (end - begin).TotalHours, (double)busiest / 1000 / Hour, alwaysOn));
        }

        return days;
    }
}
