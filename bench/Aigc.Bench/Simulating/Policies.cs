using Aigc.Engines.Lifecycle;

namespace Aigc.Bench.Simulating;

/// <summary>A way to run engines, to be compared.</summary>
internal abstract record Policy(string Name)
{
    /// <summary>From when an engine may sleep; null: not while things are as they are.</summary>
    public abstract DateTimeOffset? SleepsAt(Usage usage, DateTimeOffset now);

    /// <summary>The hours of working days at which all engines are woken, and put to sleep whatever they do; null: visits wake.</summary>
    public virtual (int From, int Until)? Schedule => null;

    /// <summary>Whether engines are started before anybody asks.</summary>
    public virtual bool IsWarm => false;
}

/// <summary>What the product does: nobody who works is put to sleep.</summary>
internal sealed record OwnPolicy(TimeSpan IdleTimeout, bool Warm) : Policy(Warm ? "ours" : "ours, no warm pool")
{
    public override bool IsWarm => Warm;

    public override DateTimeOffset? SleepsAt(Usage usage, DateTimeOffset now) => Idleness.SleepsAt(usage, IdleTimeout, null, now);
}

/// <summary>Sees requests alone, as a culler beside a proxy does.</summary>
internal sealed record FixedCull(TimeSpan IdleTimeout) : Policy($"culled after {IdleTimeout.TotalMinutes:0} min")
{
    public override DateTimeOffset? SleepsAt(Usage usage, DateTimeOffset now) =>
        Idleness.SleepsAt(usage with { Busy = Busy.Idle, LastBusy = null }, IdleTimeout, null, now);
}

/// <summary>On at nine, off at seven; a visit outside of that wakes for an hour.</summary>
internal sealed record FixedSchedule() : Policy("on 9 to 19")
{
    private const int From = 9;
    private const int Until = 19;

    public override (int From, int Until)? Schedule => (From, Until);

    public override DateTimeOffset? SleepsAt(Usage usage, DateTimeOffset now) => IsOn(now)
        ? new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(Until)
        : Idleness.SleepsAt(usage with { Busy = Busy.Idle, LastBusy = null }, TimeSpan.FromHours(1), null, now);

    private static bool IsOn(DateTimeOffset now) => now.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && now.Hour is >= From and < Until;
}
