using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Simulator.Running;

namespace Aigc.Simulator.Policies;

/// <summary>A way to run engines, to be compared.</summary>
/// <param name="Name">In the table, and on the command line.</param>
internal abstract record Policy(string Name)
{
    /// <summary>From when an engine that is ready may sleep; null: not while things are as they are.</summary>
    /// <param name="free">The part of all cards that is free; 0 while anybody waits.</param>
    public abstract DateTimeOffset? SleepsAt(Usage usage, double free, DateTimeOffset now);

    public virtual IReadOnlyList<Pool> Pools => Studio.Pools;

    /// <summary>Whether everybody's engine is woken in this minute.</summary>
    public virtual bool WakesAll(DateTimeOffset minute) => false;

    /// <summary>While less of all cards is free than this, engines may sleep sooner than was planned.</summary>
    public virtual double ScarceBelow => 0;

    /// <summary>Whether engines are started before anybody asks.</summary>
    public virtual bool IsWarm => false;

    /// <summary>Whether engines are woken before their owners come, by their habits.</summary>
    public virtual bool WakesByHabit => false;

    protected static IdlePolicy After(TimeSpan timeout, TimeSpan? whileScarce = null) =>
        new([new(new() { Timeout = timeout, ScarceTimeout = whileScarce }, PolicySource.Default)], TimeZoneInfo.Utc);

    /// <summary>The one place that asks the product's rule. Work never goes on for as long as its hard maximum.</summary>
    protected static DateTimeOffset? Idle(Usage usage, IdlePolicy policy, DateTimeOffset now) =>
        usage.Busy == Busy.Busy ? null : Idleness.Look(usage, policy, now).SleepsAt;

    /// <summary>The same rule, for who sees traffic alone and not what an engine is doing.</summary>
    protected static DateTimeOffset? ByTraffic(Usage usage, IdlePolicy policy, DateTimeOffset now) =>
        Idle(usage with { Busy = Busy.Idle, LastBusy = null }, policy, now);
}
