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

    private volatile Stretch? _last;

    public TimeZoneInfo Zone => zone;

    public bool IsOpen(DateTimeOffset at) => StretchAt(at).Open;

    /// <summary>The next moment at which work may begin or end.</summary>
    public DateTimeOffset NextChange(DateTimeOffset after) => StretchAt(after).Until;

    private Stretch StretchAt(DateTimeOffset at)
    {
        // Nearly always somebody has asked for the same stretch before.
        if (_last is { } last && last.From <= at && at < last.Until)
            return last;
        var (open, next) = (false, DateTimeOffset.MaxValue);
        var today = DayOf(at);
        for (var day = today.AddDays(-2); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            if (!hours.Days.Contains(day.DayOfWeek))
                continue;
            var (from, to) = Open(day);
            open |= from <= at && at < to;
            if (from > at && from < next)
                next = from;
            if (to > at && to < next)
                next = to;
        }

        return _last = new(at, next, open);
    }

    private DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

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

    /// <param name="From">It may have begun earlier.</param>
    private sealed record Stretch(DateTimeOffset From, DateTimeOffset Until, bool Open);
}
