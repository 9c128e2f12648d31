namespace Aigc.Engines.Tracking.Redis;

/// <summary>How long things may take; tests shorten them.</summary>
public sealed record RedisTimes
{
    /// <summary>For one command, with its way there and back. A Redis that takes 2 s for each is slow, and still of use.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A watcher looks by itself this often, in case a message was lost.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A watcher whose look failed looks again.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that has answered nothing for this long is replaced: the network may swallow what it sends.</summary>
    public TimeSpan Replace { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan LeaseLifetime { get; init; } = ISessionTracker.LeaseLifetime;

    /// <summary>So long after the data began anew nobody concludes from it that an engine is idle.</summary>
    public TimeSpan Settling { get; init; } = ISessionTracker.LeaseLifetime;
}
