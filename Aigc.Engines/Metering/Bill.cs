namespace Aigc.Engines.Metering;

/// <summary>What a pool really cost in a stretch of days.</summary>
/// <param name="To">Exclusive.</param>
/// <param name="MilliGpus">What was paid for, in thousandths of GPUs; null: unknown, and all of it is shared out among those who used it.</param>
public sealed record Bill(
    string Id, string Pool, DateOnly From, DateOnly To, long Micros, long? MilliGpus, string? Note, DateTimeOffset EnteredAt, string EnteredBy,
    DateTimeOffset? WithdrawnAt = null)
{
    public bool Covers(string pool, DateOnly day) => pool == Pool && From <= day && day < To;
}

/// <summary>Shares bills out by use, to the last unit.</summary>
public sealed class BillShares
{
    private readonly Dictionary<(string Run, DateTimeOffset From), long> _ofLines = [];
    private readonly Dictionary<(string Pool, DateOnly Day), long> _unused = [];
    private readonly IReadOnlyList<Bill> _bills;

    /// <param name="lines">Everybody's, of all the days and pools of these bills.</param>
    /// <param name="zone">Where days begin.</param>
    public BillShares(IReadOnlyList<Bill> bills, IReadOnlyList<CostLine> lines, TimeZoneInfo zone)
    {
        _bills = bills;
        foreach (var bill in bills)
            Share(bill, [.. lines.Where(line => bill.Covers(line.Use.Pool, line.Day))], zone);
    }

    public static BillShares None { get; } = new([], [], TimeZoneInfo.Utc);

    /// <summary>Null when no bill covers it: then it costs its price.</summary>
    public long? Of(CostLine line) => _bills.Count > 0 && _bills.Any(bill => bill.Covers(line.Use.Pool, line.Day)) ? _ofLines.GetValueOrDefault((line.Use.RuntimeUid, line.From)) : null;

    /// <summary>What was paid for and nobody had.</summary>
    public IEnumerable<Charge> Unallocated(DateOnly from, DateOnly to, TimeZoneInfo zone) => _unused
        .Where(one => from <= one.Key.Day && one.Key.Day < to && one.Value > 0)
        .Select(one => new Charge(
            CostKind.Unallocated, null, null, null, "", "", one.Key.Pool, one.Key.Day,
            Days.BeginOf(one.Key.Day, zone), Days.BeginOf(one.Key.Day.AddDays(1), zone), 0, one.Value, 0))
        .OrderBy(charge => charge.Day).ThenBy(charge => charge.Pool, StringComparer.Ordinal);

    /// <summary>
    /// Whole units in the proportion of the weights: each gets its part rounded down, and what is left goes to the largest remainders.
    /// </summary>
    public static long[] Apportion(long micros, IReadOnlyList<Int128> weights)
    {
        var total = weights.Aggregate(Int128.Zero, (sum, weight) => sum + weight);
        if (total == 0)
            throw new ArgumentException("Somebody has to have a share.", nameof(weights));
        var shares = weights.Select(weight => (long)(micros * weight / total)).ToArray();
        var left = (int)(micros - shares.Sum());
        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => micros * weights[i] % total).ThenBy(i => i).Take(left))
            shares[i]++;
        return shares;
    }

    private void Share(Bill bill, IReadOnlyList<CostLine> lines, TimeZoneInfo zone)
    {
        var days = Days.Between(bill.From, bill.To).ToList();
        var used = lines.GroupBy(line => line.Day).ToDictionary(day => day.Key, day => day.Aggregate(Int128.Zero, (sum, line) => sum + line.MilliGpuMilliseconds));
        var nobody = used.Values.All(sum => sum == 0);
        var weights = lines.Select(line => (Int128)line.MilliGpuMilliseconds).Concat(days.Select(Unused)).ToList();
        var shares = Apportion(bill.Micros, weights);
        for (var i = 0; i < lines.Count; i++)
            Add(_ofLines, (lines[i].Use.RuntimeUid, lines[i].From), shares[i]);
        for (var i = 0; i < days.Count; i++)
            Add(_unused, (bill.Pool, days[i]), shares[lines.Count + i]);

        Int128 Unused(DateOnly day)
        {
            Int128 length = (long)(Days.BeginOf(day.AddDays(1), zone) - Days.BeginOf(day, zone)).TotalMilliseconds;
            return bill.MilliGpus is > 0 and var paid ? Int128.Max(0, (paid * length) - used.GetValueOrDefault(day)) : nobody ? length : 0;
        }
    }

    private static void Add<T>(Dictionary<T, long> sums, T key, long share)
        where T : notnull => sums[key] = sums.GetValueOrDefault(key) + share;
}
