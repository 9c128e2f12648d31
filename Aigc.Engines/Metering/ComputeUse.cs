using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Metering;

/// <summary>Compute that an engine had, from allocation to release.</summary>
/// <param name="MilliGpus">The part of cards that was granted, in thousandths.</param>
public sealed record ComputeUse(
    string RuntimeUid, EngineId Engine, UserId Owner, GroupId Group, string Template, string TemplateVersion, string Pool, long MilliGpus,
    DateTimeOffset StartedAt, DateTimeOffset EndedAt);

/// <summary>A piece of it within one day and under one price.</summary>
public sealed record CostLine(ComputeUse Use, DateOnly Day, DateTimeOffset From, DateTimeOffset Until, long Micros)
{
    /// <summary>Thousandths of a GPU, times milliseconds.</summary>
    public long MilliGpuMilliseconds => Use.MilliGpus * (Until - From).Ticks / TimeSpan.TicksPerMillisecond;
}
