using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;

namespace Aigc.Simulator.Policies;

/// <summary>Nobody who works is put to sleep; some engines are started ahead; who idles gives way sooner while cards are scarce.</summary>
/// <param name="Warm">Without it nothing is started ahead.</param>
/// <param name="GivesWay">Without it the idle timeout is always the same.</param>
/// <param name="ByHabit">With it each engine is woken before its owner comes.</param>
internal sealed record Own(string Name, bool Warm = true, bool GivesWay = true, bool ByHabit = false) : Policy(Name)
{
    private readonly IdlePolicy _policy = After(TimeSpan.FromMinutes(4), whileScarce: GivesWay ? TimeSpan.FromMinutes(1) : null);

    public override bool IsWarm => Warm;

    public override bool WakesByHabit => ByHabit;

    public override double ScarceBelow => GivesWay ? Scarcity.UsualBelow : 0;

    public override DateTimeOffset? SleepsAt(Usage usage, double free, DateTimeOffset now) => Idle(usage with { Free = free }, _policy, now);
}
