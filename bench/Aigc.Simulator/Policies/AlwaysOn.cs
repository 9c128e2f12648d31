using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Simulator.Running;

namespace Aigc.Simulator.Policies;

/// <summary>Everybody's engine runs all the time, on as many more cloud cards as that takes.</summary>
internal sealed record AlwaysOn() : Policy("always-on")
{
    public override IReadOnlyList<Pool> Pools { get; } = [Studio.Pools[0], Studio.Pools[1] with { Capacity = long.MaxValue / 2 }];

    public override bool WakesAll(DateTimeOffset minute) => true;

    public override DateTimeOffset? SleepsAt(Usage usage, double free, DateTimeOffset now) => null;
}
