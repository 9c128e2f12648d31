namespace Aigc.Engines.Metering;

/// <summary>
/// What compute and disks cost. The cost of a use is rounded down once, as a whole; its lines are the steps on the way, so that they
/// add up to it to the last unit, however they are grouped or cut.
/// </summary>
public static class Costs
{
    /// <summary>Hours of a month, as far as disks are priced by the month: a twelfth of 365 days.</summary>
    public const int HoursPerMonth = 730;

    private const long MillisecondsPerHour = 3_600_000;

    /// <summary>Millionths are counted in thousandths of GPUs and in milliseconds.</summary>
    private static readonly Int128 PerGpuHour = 1000L * MillisecondsPerHour;

    /// <summary>Millionths are counted in bytes and in milliseconds.</summary>
    private static readonly Int128 PerGibMonth = (Int128)(1L << 30) * HoursPerMonth * MillisecondsPerHour;

    /// <param name="zone">Where days begin.</param>
    /// <param name="parts">What was not its owner's use; where parts overlap, idle counts.</param>
    public static IEnumerable<CostLine> LinesOf(ComputeUse use, PriceList prices, TimeZoneInfo zone, IReadOnlyList<UsePart>? parts = null)
    {
        IReadOnlyList<DateTimeOffset> edges = parts is null ? [] : [.. parts.SelectMany(part => new[] { part.From, part.Until })];
        foreach (var (from, until, micros) in Steps(use.StartedAt, use.EndedAt, edges, prices, zone, use.MilliGpus, PerGpuHour))
            yield return new(use, Days.Of(from, zone), from, until, micros, parts is null ? CostKind.Use : KindAt(from, parts));
    }

    public static IEnumerable<DiskLine> LinesOf(DiskUse disk, PriceList prices, TimeZoneInfo zone)
    {
        foreach (var (from, until, micros) in Steps(disk.StartedAt, disk.EndedAt, [], prices, zone, disk.Bytes, PerGibMonth))
            yield return new(disk, Days.Of(from, zone), from, until, micros);
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until, long Micros)> Steps(
        DateTimeOffset start, DateTimeOffset end, IReadOnlyList<DateTimeOffset> edges, PriceList prices, TimeZoneInfo zone, long amount, Int128 unit)
    {
        Int128 exact = 0;
        var from = start;
        var cuts = new List<DateTimeOffset>(edges.Where(at => at > start && at < end));
        cuts.AddRange(prices.ChangesWithin(start, end));
        cuts.AddRange(Days.BegunWithin(start, end, zone));
        cuts.Sort();
        cuts.Add(end);
        foreach (var until in cuts)
        {
            if (until == from && until != end)
                continue;
            var before = exact / unit;
            exact += (Int128)prices.At(from) * amount * (until - from).Ticks / TimeSpan.TicksPerMillisecond;
            yield return (from, until, (long)((exact / unit) - before));
            from = until;
        }
    }

    private static CostKind KindAt(DateTimeOffset moment, IReadOnlyList<UsePart> parts)
    {
        var kind = CostKind.Use;
        foreach (var part in parts)
        {
            if (part.From <= moment && moment < part.Until)
                kind = part.Kind == CostKind.Idle || kind == CostKind.Idle ? CostKind.Idle : part.Kind;
        }

        return kind;
    }
}
