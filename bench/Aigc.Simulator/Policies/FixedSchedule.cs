using Aigc.Engines.Lifecycle;

namespace Aigc.Simulator.Policies;

/// <summary>Everybody's engine is on from nine to seven on working days; outside of that visits wake, and it is culled after an hour.</summary>
internal sealed record FixedSchedule(TimeZoneInfo Zone) : Policy("on-9-to-19")
{
    private static readonly TimeSpan From = TimeSpan.FromHours(9);
    private static readonly TimeSpan Until = TimeSpan.FromHours(19);

    public override bool WakesAll(DateTimeOffset minute) => IsOn(minute, out var local) && local.TimeOfDay < From + TimeSpan.FromMinutes(1);

    public override DateTimeOffset? SleepsAt(Usage usage, double free, DateTimeOffset now) =>
        IsOn(now, out var local) ? now + (Until - local.TimeOfDay) : ByTraffic(usage, FixedCull.AfterAnHour, now);

    private bool IsOn(DateTimeOffset moment, out DateTimeOffset local)
    {
        local = TimeZoneInfo.ConvertTime(moment, Zone);
        return local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && local.TimeOfDay >= From && local.TimeOfDay < Until;
    }
}
