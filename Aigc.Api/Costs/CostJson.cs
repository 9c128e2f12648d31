using Aigc.Engines.Metering;

namespace Aigc.Api.Costs;

/// <param name="To">Exclusive.</param>
/// <param name="TimeZone">Where days begin.</param>
/// <param name="Forecast">What this month will have cost.</param>
public sealed record CostAnswer(
    DateOnly From, DateOnly To, string By, string Of, string Currency, string TimeZone, CostRowJson Total, IReadOnlyList<CostRowJson> Rows, decimal Forecast);

/// <param name="Key">A day, or the id of what it belongs to; empty: to nobody.</param>
/// <param name="Name">What people call it; its key, when that is gone.</param>
/// <param name="Cost">Shares of bills where there are bills, prices elsewhere: use, idle, shared, disk and unallocated together.</param>
/// <param name="AtPrices">The same by prices alone.</param>
/// <param name="Use">Compute that its owner used.</param>
/// <param name="Idle">Compute that was awake and that nobody used.</param>
/// <param name="Shared">Compute that somebody besides its owner could use.</param>
/// <param name="Disk">Disks, also while their engines sleep.</param>
/// <param name="Unallocated">What bills cover and no engine had.</param>
/// <param name="GpuHours">Hours of whole cards.</param>
/// <param name="Work">Pictures or jobs that engines reported.</param>
/// <param name="PerActiveHour">Null: there was none.</param>
/// <param name="PerWork">Null: none was reported.</param>
public sealed record CostRowJson(
    string Key, string Name, decimal Cost, decimal AtPrices, decimal Use, decimal Idle, decimal Shared, decimal Disk, decimal Unallocated,
    decimal GpuHours, decimal AwakeHours, decimal ActiveHours, decimal DiskGibMonths, long Work, decimal? PerActiveHour, decimal? PerWork)
{
    public static CostRowJson Of(string key, string name, CostSum sum) => new(
        key, name, Money.Of(sum.Micros), Money.Of(sum.Priced), Money.Of(sum[CostKind.Use]), Money.Of(sum[CostKind.Idle]), Money.Of(sum[CostKind.Shared]),
        Money.Of(sum[CostKind.Disk]), Money.Of(sum[CostKind.Unallocated]), Round(sum.GpuHours), Round(sum.AwakeHours), Round(sum.ActiveHours),
        Round(sum.GibMonths), sum.Work, sum.MicrosPerActiveHour is { } hour ? Money.Of(hour) : null, sum.MicrosPerWork is { } work ? Money.Of(work) : null);

    private static decimal Round(double amount) => Math.Round((decimal)amount, 6);
}

internal static class Money
{
    public static decimal Of(long micros) => micros / 1_000_000m;
}
