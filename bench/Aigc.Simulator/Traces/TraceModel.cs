namespace Aigc.Simulator.Traces;

/// <summary>
/// Artists at work: days in fragments, lunch, meetings, batches that outlast the browser, deadlines, a few evenings and weekends.
/// docs/economics.md describes it, and has every number. Within a day all is counted in seconds.
/// </summary>
internal sealed class TraceModel(int seed)
{
    private const int Days = 30;
    private const int Groups = 8;
    private const double Minute = 60;
    private const double Hour = 3600;

    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What part of the artists uses each.</summary>
    private static readonly (double Share, EngineKind Kind)[] Kinds =
    [
        (0.55, new("sd-webui", 1)), (0.34, new("comfyui", 2)), (0.09, new("video", 4)), (0.02, new("training", 8)),
    ];

    private readonly Draw _draw = new(seed);

    /// <summary>A person's usual day.</summary>
    private readonly record struct Habit(double Begins, double Ends, double Lunch);

    /// <summary>The day after the last one is for what still goes on.</summary>
    public Trace Make(int artists) => new([.. Enumerable.Range(0, artists).Select(Artist)], Monday, Monday.AddDays(Days + 1), TimeZoneInfo.Utc);

    private Artist Artist(int index)
    {
        var group = index % Groups;
        var habit = new Habit(_draw.Normal(9.5, 0.6) * Hour, _draw.Normal(18.5, 0.7) * Hour, _draw.Normal(12.4, 0.25) * Hour);
        var uses = new List<Use>();
        for (var day = 0; day < Days; day++)
        {
            var isWorkingDay = day % 7 < 5;
            if (!_draw.Chance(isWorkingDay ? 0.93 : 0.04))
                continue;
            var begins = _draw.Normal(habit.Begins, 0.25 * Hour);
            var ends = isWorkingDay ? _draw.Normal(habit.Ends, 0.5 * Hour) + Overtime(group, day) : begins + _draw.Between(1 * Hour, 4 * Hour);
            Day(uses, Monday.AddDays(day), begins, ends, _draw.Normal(habit.Lunch, 0.15 * Hour));
        }

        return new($"artist-{index}", $"group-{group}", _draw.OneOf(Kinds), uses);
    }

    /// <summary>One week in four is a group's week before a deadline.</summary>
    private double Overtime(int group, int day) => day / 7 == group % 4 ? _draw.Between(0, 3 * Hour) : 0;

    /// <summary>Stretches of work, and pauses between them: coffee, or a meeting.</summary>
    private void Day(List<Use> uses, DateTimeOffset midnight, double now, double ends, double lunch)
    {
        var eaten = false;
        while (now < ends)
        {
            var until = Math.Min(ends, now + _draw.LogNormal(50 * Minute, 0.6));
            if (!eaten && now < lunch && lunch < until)
                until = lunch;
            while (now < until)
                now = Use(uses, midnight, now);
            if (!eaten && now >= lunch)
                (eaten, now) = (true, now + _draw.Between(45 * Minute, 75 * Minute));
            else
                now += _draw.Chance(0.5) ? _draw.Between(6 * Minute, 18 * Minute) : _draw.Between(20 * Minute, 70 * Minute);
        }
    }

    /// <returns>When the artist asks for something again: has looked at the picture, has changed the prompt.</returns>
    private double Use(List<Use> uses, DateTimeOffset midnight, double now)
    {
        var isBatch = _draw.Chance(1.0 / 200);
        var work = isBatch ? _draw.Between(15 * Minute, 90 * Minute) : _draw.LogNormal(15, 0.6);
        var leaves = isBatch && _draw.Chance(0.4);
        var watched = leaves ? _draw.Between(0, 5 * Minute) : work;
        uses.Add(new(midnight.AddSeconds(now), TimeSpan.FromSeconds(work), TimeSpan.FromSeconds(Math.Min(work, watched))));
        return now + work + (leaves ? _draw.Between(10 * Minute, 60 * Minute) : _draw.LogNormal(isBatch ? 120 : 40, 0.75));
    }
}
