namespace Aigc.Engines.Ahead;

/// <summary>How many people come, by the half hour of the week: learned from those who came, newer weeks counting more.</summary>
/// <param name="zone">People's week.</param>
public sealed class ArrivalForecast(TimeZoneInfo zone)
{
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(30);
    private static readonly int SlotsPerDay = (int)(TimeSpan.FromDays(1) / Slot);

    /// <summary>Of a new day beside all before it.</summary>
    private const double NewDay = 0.3;

    /// <summary>So many arrivals of a slot that goes on count like a whole one that is known.</summary>
    private const double Prior = 2;

    private readonly double[,] _known = new double[2, SlotsPerDay];
    private readonly bool[,] _learned = new bool[2, SlotsPerDay];
    private DateTimeOffset _begin = DateTimeOffset.MinValue;
    private int _arrived;
    private int _arrivedBefore;

    public void Arrived(DateTimeOffset at)
    {
        Advance(at);
        _arrived++;
    }

    /// <summary>Arrivals to expect within this time from now on.</summary>
    public double Expected(DateTimeOffset now, TimeSpan within)
    {
        Advance(now);
        var (kind, slot) = Place(now);
        // What the last half hour was like tells of a day that is unlike the others.
        var passed = (now - _begin) / Slot;
        var recent = _arrived + (_arrivedBefore * (1 - passed));
        var rate = _learned[kind, slot] ? ((_known[kind, slot] * Prior) + recent) / (Prior + 1) : recent;
        return rate * (within / Slot);
    }

    private void Advance(DateTimeOffset now)
    {
        if (_begin == DateTimeOffset.MinValue)
            _begin = Begin(now);
        while (now - _begin >= Slot)
        {
            var (kind, slot) = Place(_begin);
            _known[kind, slot] = _learned[kind, slot] ? _known[kind, slot] + (NewDay * (_arrived - _known[kind, slot])) : _arrived;
            _learned[kind, slot] = true;
            (_arrivedBefore, _arrived) = (_arrived, 0);
            _begin += Slot;
        }
    }

    private static DateTimeOffset Begin(DateTimeOffset now) => now - TimeSpan.FromTicks(now.UtcTicks % Slot.Ticks);

    /// <summary>Working days are alike, and so are the others.</summary>
    private (int Kind, int Slot) Place(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        return (local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0, (int)(local.TimeOfDay / Slot));
    }
}
