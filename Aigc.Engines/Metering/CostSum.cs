namespace Aigc.Engines.Metering;

/// <summary>What charges add up to.</summary>
public sealed class CostSum
{
    private readonly long[] _micros = new long[Enum.GetValues<CostKind>().Length];

    public long this[CostKind kind] => _micros[(int)kind];

    public long Micros => _micros.Sum();

    /// <summary>By prices, whatever bills say.</summary>
    public long Priced { get; private set; }

    /// <summary>Pictures or jobs.</summary>
    public long Work { get; private set; }

    public long AwakeMilliseconds { get; private set; }

    public long IdleMilliseconds { get; private set; }

    public Int128 MilliGpuMilliseconds { get; private set; }

    public Int128 ByteMilliseconds { get; private set; }

    public double AwakeHours => AwakeMilliseconds / 3_600_000.0;

    public double ActiveHours => (AwakeMilliseconds - IdleMilliseconds) / 3_600_000.0;

    public double GpuHours => (double)MilliGpuMilliseconds / 3_600_000_000.0;

    public double GibMonths => (double)ByteMilliseconds / ((1L << 30) * 3_600_000.0 * Costs.HoursPerMonth);

    /// <summary>Of an hour that somebody used; null: there was none.</summary>
    public long? MicrosPerActiveHour => ActiveHours > 0 ? (long)Math.Round(Micros / ActiveHours) : null;

    /// <summary>Of a picture or job; null: none was reported.</summary>
    public long? MicrosPerWork => Work > 0 ? (long)Math.Round((double)Micros / Work) : null;

    public void Add(Charge charge)
    {
        _micros[(int)charge.Kind] += charge.Micros;
        Priced += charge.Priced;
        Work += charge.Work;
        if (charge.Kind == CostKind.Disk)
            ByteMilliseconds += (Int128)charge.Amount * charge.Milliseconds;
        if (!charge.IsCompute)
            return;
        AwakeMilliseconds += charge.Milliseconds;
        IdleMilliseconds += charge.Kind == CostKind.Idle ? charge.Milliseconds : 0;
        MilliGpuMilliseconds += (Int128)charge.Amount * charge.Milliseconds;
    }
}
