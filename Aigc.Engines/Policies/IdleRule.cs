using Aigc.Engines.Pools;

namespace Aigc.Engines.Policies;

/// <summary>How engines fall asleep, as somebody has laid it down; what is null they leave to others. docs/economics.md explains each part.</summary>
public sealed record IdleRule
{
    /// <summary>Sleep after this long without activity.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The idle timeout while no card of its pool is free, or somebody waits for one; <see cref="Scarcity"/> has what lies between.</summary>
    public TimeSpan? ScarceTimeout { get; init; }

    /// <summary>How long an engine that always says busy is believed: the hard maximum.</summary>
    public TimeSpan? BusyLimit { get; init; }

    /// <summary>How long an answer that can't be read holds an engine awake.</summary>
    public TimeSpan? UnknownLimit { get; init; }

    /// <summary>How long a probe without any answer holds an engine awake.</summary>
    public TimeSpan? FailedLimit { get; init; }

    /// <summary>How long before it sleeps its owner is told.</summary>
    public TimeSpan? WarnBefore { get; init; }
    public WorkingHours? WorkingHours { get; init; }

    /// <summary>What applies outside of <see cref="WorkingHours"/>.</summary>
    public OutsideHours? Outside { get; init; }
}

/// <param name="From">Since midnight, by the wall clock.</param>
/// <param name="To">Since midnight, up to 24 hours; not after <paramref name="From"/>: on the next day.</param>
/// <param name="TimeZone">An IANA name; null: the studio's.</param>
public sealed record WorkingHours(IReadOnlyList<DayOfWeek> Days, TimeSpan From, TimeSpan To, string? TimeZone = null);

/// <param name="Timeout">Sleep after this long without activity.</param>
/// <param name="MaxAge">What has been awake longer sleeps at its first lull of <see cref="IdlePolicy.Lull"/>.</param>
public sealed record OutsideHours(TimeSpan? Timeout = null, TimeSpan? MaxAge = null);
