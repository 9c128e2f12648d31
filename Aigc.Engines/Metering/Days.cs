using Aigc.Engines.Policies;

namespace Aigc.Engines.Metering;

/// <summary>Days as a studio counts them, by the clock of its time zone.</summary>
public static class Days
{
    public static DateOnly Of(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(zone.Shown(moment));

    /// <summary>Where clocks are set at midnight a day begins later, or for the second time: then its first moment counts.</summary>
    public static DateTimeOffset BeginOf(DateOnly day, TimeZoneInfo zone) => zone.Instant(day.ToDateTime(default), last: false);

    /// <summary>The moments in between at which a day begins.</summary>
    public static IEnumerable<DateTimeOffset> BegunWithin(DateTimeOffset from, DateTimeOffset until, TimeZoneInfo zone)
    {
        for (var day = Of(from, zone).AddDays(1); BeginOf(day, zone) is var begin && begin < until; day = day.AddDays(1))
        {
            if (begin > from)
                yield return begin;
        }
    }

    public static IEnumerable<DateOnly> Between(DateOnly from, DateOnly to)
    {
        for (var day = from; day < to; day = day.AddDays(1))
            yield return day;
    }

    /// <summary>Monday to Friday: what is known of a studio's working days without its calendar.</summary>
    public static bool IsWorkingDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}
