using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Metering;

/// <summary>Money for one thing on one day. What no engine had belongs to nobody.</summary>
/// <param name="Pool">Empty: in no pool, such as a disk.</param>
/// <param name="Amount">Thousandths of a GPU; of a disk, bytes.</param>
/// <param name="Micros">Its share of the bills for that pool and day, or else what it costs by prices.</param>
/// <param name="Priced">What it costs by prices.</param>
/// <param name="Work">Pictures or jobs that the engine reported; with the first line of a run on a day.</param>
public sealed record Charge(
    CostKind Kind, EngineId? Engine, UserId? Owner, GroupId? Group, string Template, string TemplateVersion, string Pool, DateOnly Day,
    DateTimeOffset From, DateTimeOffset Until, long Amount, long Micros, long Priced, long Work = 0)
{
    public static Charge Of(CostLine line, long? billed, long work) => new(
        line.Kind, line.Use.Engine, line.Use.Owner, line.Use.Group, line.Use.Template, line.Use.TemplateVersion, line.Use.Pool, line.Day,
        line.From, line.Until, line.Use.MilliGpus, billed ?? line.Micros, line.Micros, work);

    public static Charge Of(DiskLine line) => new(
        CostKind.Disk, line.Disk.Engine, line.Disk.Owner, line.Disk.Group, line.Disk.Template, line.Disk.TemplateVersion, "", line.Day,
        line.From, line.Until, line.Disk.Bytes, line.Micros, line.Micros);

    public bool IsCompute => Kind is CostKind.Use or CostKind.Idle or CostKind.Shared;

    public long Milliseconds => (Until - From).Ticks / TimeSpan.TicksPerMillisecond;
}

public enum CostDimension
{
    Person,
    Group,
    Template,
    Version,
    Pool,
    Engine,
    Day,
}

/// <summary>Whose costs: everybody's, a person's or a group's.</summary>
/// <param name="Engines">Of these, only those of these engines.</param>
public sealed record CostSight(UserId? Owner = null, GroupId? Group = null, IReadOnlyList<string>? Engines = null)
{
    public static CostSight Everything { get; } = new();

    public bool IsEverything => this == Everything;
}
