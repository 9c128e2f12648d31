using Aigc.Engines.Metering;

namespace Aigc.Engines.Policies;

/// <summary>
/// Working hours as instants. A wall-clock time that a clock change skips is the moment of the change; of one that comes twice,
/// work begins with the first and ends with the second.
/// </summary>
public sealed class WorkingCalendar(WorkingHours hours, TimeZoneInfo zone)
{
    /// <summary>Twice a week even of one working day a week, and one more for a day that a zone skips.</summary>
    private const int DaysAhead = 9;

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
        var today = Days.Of(at, zone);
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

    private (DateTimeOffset From, DateTimeOffset To) Open(DateOnly day)
    {
        var midnight = day.ToDateTime(default);
        var to = midnight + hours.To + (hours.To <= hours.From ? TimeSpan.FromDays(1) : default);
        return (zone.Instant(midnight + hours.From, last: false), zone.Instant(to, last: true));
    }

    /// <param name="From">It may have begun earlier.</param>
    private sealed record Stretch(DateTimeOffset From, DateTimeOffset Until, bool Open);
}
