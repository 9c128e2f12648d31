using Aigc.Engines.Policies;

namespace Aigc.Engines.Ahead;

/// <summary>A stretch in which an engine was awake.</summary>
/// <param name="Early">It was woken by habit.</param>
/// <param name="CameAt">Of an early one: when somebody came; null: nobody did.</param>
public sealed record PastSession(DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool Early = false, DateTimeOffset? CameAt = null);

/// <summary>
/// When an owner comes to work: on most of the same days of the last weeks, within the same half hour. Told by clocks on the wall, so a
/// habit stays where it is when the clocks change; two absences end it.
/// </summary>
public static class Habit
{
    public const int Weeks = 4;

    /// <summary>Of those weeks.</summary>
    public const int Most = 3;

    /// <summary>Within it all comings are one.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(30);

    /// <summary>Who was away for less has not come anew.</summary>
    public static readonly TimeSpan Absence = TimeSpan.FromHours(1);

    /// <summary>Before the earliest of them the engine is woken.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMinutes(3);

    /// <summary>An engine that was woken for nobody sleeps after this.</summary>
    public static readonly TimeSpan Patience = Lead + Span + TimeSpan.FromMinutes(12);

    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays((Weeks * 7) + 1);

    /// <param name="sessions">Of one engine, in the order of time.</param>
    public static IEnumerable<DateTimeOffset> Comings(IEnumerable<PastSession> sessions)
    {
        DateTimeOffset? left = DateTimeOffset.MinValue;
        foreach (var session in sessions)
        {
            if ((session.Early ? session.CameAt : session.StartedAt) is not { } came)
                continue;
            if (came - left >= Absence)
                yield return came;
            left = session.EndedAt;
        }
    }

    /// <summary>When to wake the engine on that day.</summary>
    public static IReadOnlyList<DateTimeOffset> On(DateOnly day, IEnumerable<DateTimeOffset> comings, TimeZoneInfo zone)
    {
        var (midnight, end) = (day.ToDateTime(default), day.AddDays(1).ToDateTime(default));
        // As if they were that day's: what came after midnight belongs to a habit that began before it.
        var alike = (from coming in comings
                     let shown = zone.Shown(coming)
                     from week in Enumerable.Range(1, Weeks)
                     let at = shown.AddDays(7 * week)
                     where at >= midnight && at < end + Span
                     orderby at
                     select (At: at, Week: week)).ToList();
        var wakes = new List<DateTimeOffset>();
        var from = midnight;
        foreach (var (first, _) in alike.Where(one => one.At < end))
        {
            if (first < from || alike.Where(one => one.At >= first && one.At < first + Span).DistinctBy(one => one.Week).Count() < Most)
                continue;
            wakes.Add(zone.Instant(first, last: false) - Lead);
            from = first + Absence;
        }

        return wakes;
    }
}
