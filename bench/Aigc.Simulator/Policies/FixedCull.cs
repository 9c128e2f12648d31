using Aigc.Engines.Lifecycle;

namespace Aigc.Simulator.Policies;

/// <summary>Asleep an hour after the last traffic, as a culler beside a proxy does.</summary>
internal sealed record FixedCull() : Policy("cull-1h")
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(1);

    public override DateTimeOffset? SleepsAt(Usage usage, double free, DateTimeOffset now) => ByTraffic(usage, IdleTimeout, now);
}
