using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Metering;

/// <summary>Compute that an engine had, from allocation to release.</summary>
/// <param name="MilliGpus">The part of cards that was granted, in thousandths.</param>
public sealed record ComputeUse(
    string RuntimeUid, EngineId Engine, UserId Owner, GroupId Group, string Template, string TemplateVersion, string Pool, long MilliGpus,
    DateTimeOffset StartedAt, DateTimeOffset EndedAt);

public enum CostKind
{
    /// <summary>Compute that its owner used.</summary>
    Use,

    /// <summary>Compute that was awake and that nobody used.</summary>
    Idle,

    /// <summary>Compute that somebody besides its owner could use.</summary>
    Shared,

    /// <summary>A disk, whether its engine is awake or not.</summary>
    Disk,

    /// <summary>What a bill covers and no engine had.</summary>
    Unallocated,
}

/// <summary>A stretch of a run that was not its owner's use.</summary>
public sealed record UsePart(CostKind Kind, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A piece of a use within one day, under one price and of one kind.</summary>
public sealed record CostLine(ComputeUse Use, DateOnly Day, DateTimeOffset From, DateTimeOffset Until, long Micros, CostKind Kind = CostKind.Use)
{
    /// <summary>Thousandths of a GPU, times milliseconds.</summary>
    public long MilliGpuMilliseconds => Use.MilliGpus * (Until - From).Ticks / TimeSpan.TicksPerMillisecond;
}

/// <summary>A disk of one size, from its making, or from when it had that size, to its end.</summary>
public sealed record DiskUse(
    EngineId Engine, UserId Owner, GroupId Group, string Template, string TemplateVersion, long Bytes, DateTimeOffset StartedAt, DateTimeOffset EndedAt);

/// <summary>A piece of it within one day and under one price.</summary>
public sealed record DiskLine(DiskUse Disk, DateOnly Day, DateTimeOffset From, DateTimeOffset Until, long Micros);
