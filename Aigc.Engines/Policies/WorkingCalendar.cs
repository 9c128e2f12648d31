namespace Aigc.Engines.Policies;

/// <summary>
/// Working hours as instants. A wall-clock time that a clock change skips is the moment of the change; of one that comes twice,
/// work begins with the first and ends with the second.
/// </summary>
public sealed class WorkingCalendar(WorkingHours hours, TimeZoneInfo zone)
{
    /// <summary>Twice a week even of one working day a week, and one more for a day that a zone skips.</summary>
    private const int DaysAhead = 9;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public TimeZoneInfo Zone => zone;

    public bool IsOpen(DateTimeOffset at)
    {
        var today = DayOf(at);
        for (var day = today.AddDays(-2); day <= today.AddDays(1); day = day.AddDays(1))
        {
            if (Works(day) && Open(day) is var (from, to) && from <= at && at < to)
                return true;
        }

        return false;
    }

    /// <summary>The next moment at which work may begin or end.</summary>
    public DateTimeOffset NextChange(DateTimeOffset after)
    {
        var today = DayOf(after);
        var next = DateTimeOffset.MaxValue;
        for (var day = today.AddDays(-2); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            if (!Works(day))
                continue;
            var (from, to) = Open(day);
            if (from > after && from < next)
                next = from;
            if (to > after && to < next)
                next = to;
        }

        return next;
    }

    private DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    private bool Works(DateOnly day) => hours.Days.Contains(day.DayOfWeek);

    private (DateTimeOffset From, DateTimeOffset To) Open(DateOnly day)
    {
        var midnight = day.ToDateTime(default);
        var to = midnight + hours.To + (hours.To <= hours.From ? TimeSpan.FromDays(1) : default);
        return (Instant(midnight + hours.From, last: false), Instant(to, last: true));
    }

    private DateTimeOffset Instant(DateTime local, bool last)
    {
        while (zone.IsInvalidTime(local))
            local += Minute - TimeSpan.FromTicks(local.Ticks % TimeSpan.TicksPerMinute);
        if (!zone.IsAmbiguousTime(local))
            return new(local, zone.GetUtcOffset(local));
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return new(local, last ? offsets.Min() : offsets.Max());
    }
}
