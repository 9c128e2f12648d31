using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;

namespace Aigc.Simulator.Policies;

/// <summary>Asleep an hour after the last traffic, as a culler beside a proxy does.</summary>
internal sealed record FixedCull() : Policy("cull-1h")
{
    public static readonly IdlePolicy AfterAnHour = After(TimeSpan.FromHours(1));

    public override DateTimeOffset? SleepsAt(Usage usage, double free, DateTimeOffset now) => ByTraffic(usage, AfterAnHour, now);
}
