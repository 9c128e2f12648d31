using System.Globalization;
using Aigc.Engines.Policies;

namespace Aigc.Engines.Quotas;

/// <summary>What is counted of somebody's use.</summary>
public enum QuotaItem
{
    /// <summary>Engines awake.</summary>
    Awake,

    /// <summary>Thousandths of GPUs, at once.</summary>
    Gpus,

    /// <summary>Units of shared GPU memory, at once.</summary>
    GpuMemory,

    /// <summary>Thousandths of GPU-hours, in this month.</summary>
    GpuHours,

    /// <summary>Millionths of the currency, in this month.</summary>
    Money,
}

/// <summary>One limit of a rule, in the item's own small unit.</summary>
/// <param name="Id">The group's or the person's; empty for everyone, which is each person.</param>
public sealed record QuotaLimit(QuotaItem Item, RuleScope Scope, string Id, long Limit)
{
    /// <summary>Whether an engine that would go beyond it waits in the queue; else its wake is refused.</summary>
    public bool Queues => Item is QuotaItem.Gpus or QuotaItem.GpuMemory;

    /// <summary>How many of the small unit are what people say.</summary>
    public static long PerWhole(QuotaItem item) => item switch
    {
        QuotaItem.Gpus or QuotaItem.GpuHours => 1000,
        QuotaItem.Money => 1_000_000,
        _ => 1,
    };

    public static string NameOf(QuotaItem item) => item switch
    {
        QuotaItem.Awake => "awake",
        QuotaItem.Gpus => "gpus",
        QuotaItem.GpuMemory => "gpuMemory",
        QuotaItem.GpuHours => "gpuHoursPerMonth",
        _ => "moneyPerMonth",
    };

    public static QuotaItem? ItemOf(string name) =>
        Enum.GetValues<QuotaItem>().Cast<QuotaItem?>().FirstOrDefault(item => NameOf(item!.Value) == name);
}

/// <summary>A limit that would be gone beyond.</summary>
/// <param name="Used">What is used already, in the same unit.</param>
public sealed record QuotaUsed(QuotaLimit Limit, long Used)
{
    /// <summary>From where on people are warned, in hundredths.</summary>
    private const int WarnAt = 80;

    public bool IsNear => (Int128)Used * 100 >= (Int128)Limit.Limit * WarnAt;

    public string ToDetail() => string.Create(CultureInfo.InvariantCulture, $"{Limit.Item}/{Limit.Limit}/{Used}/{Limit.Scope}/{Limit.Id}");

    public static QuotaUsed? Parse(string? detail) =>
        (detail ?? "").Split('/', 5) is [var item, var limit, var used, var scope, var id]
        && Enum.TryParse<QuotaItem>(item, out var what) && Enum.TryParse<RuleScope>(scope, out var who)
        && long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && long.TryParse(used, NumberStyles.None, CultureInfo.InvariantCulture, out var now)
            ? new(new(what, who, id, most), now) : null;
}
