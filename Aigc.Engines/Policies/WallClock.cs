namespace Aigc.Engines.Policies;

/// <summary>From what a clock on the wall shows to instants and back.</summary>
public static class WallClock
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>A time that a clock change skips is the moment of the change.</summary>
    /// <param name="last">Of one that comes twice, the second.</param>
    public static DateTimeOffset Instant(this TimeZoneInfo zone, DateTime local, bool last)
    {
        while (zone.IsInvalidTime(local))
            local += Minute - TimeSpan.FromTicks(local.Ticks % TimeSpan.TicksPerMinute);
        if (!zone.IsAmbiguousTime(local))
            return new(local, zone.GetUtcOffset(local));
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return new(local, last ? offsets.Min() : offsets.Max());
    }

    public static DateTime Shown(this TimeZoneInfo zone, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).DateTime;
}
