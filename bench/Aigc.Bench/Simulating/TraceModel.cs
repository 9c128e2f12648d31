namespace Aigc.Bench.Simulating;

/// <summary>Artists at work, as docs/economics.md describes them: days in fragments, lunch, meetings, batches that outlast the browser, deadlines.</summary>
internal sealed class TraceModel(int seed)
{
    private const int Days = 30;
    private const int Groups = 8;
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>By how many artists use them.</summary>
    private static readonly (double Share, EngineKind Kind)[] Kinds =
    [
        (0.55, new("sd-webui", 1)), (0.34, new("comfyui", 2)), (0.09, new("video", 4)), (0.02, new("training", 8)),
    ];

    private readonly Random _random = new(seed);

    public Trace Make(int artists) => new([.. Enumerable.Range(0, artists).Select(Artist)], Monday, Monday.AddDays(Days + 1));

    private Artist Artist(int index)
    {
        var person = (Begins: Normal(9.5, 0.6), Ends: Normal(18.5, 0.7), Lunch: Normal(12.4, 0.25));
        var group = index % Groups;
        var uses = new List<Use>();
        for (var day = 0; day < Days; day++)
        {
            var weekday = day % 7 < 5;
            if (_random.NextDouble() > (weekday ? 0.93 : 0.04))
                continue;
            var deadline = day / 7 == group % 4 ? 3 * _random.NextDouble() : 0;
            var begins = Normal(person.Begins, 0.25);
            var ends = weekday ? Normal(person.Ends, 0.5) + deadline : begins + 1 + (3 * _random.NextDouble());
            Day(uses, Monday.AddDays(day), begins * 3600, ends * 3600, Normal(person.Lunch, 0.15) * 3600);
        }

        return new($"artist-{index}", $"group-{group}", Kind(), uses);
    }

    /// <summary>Stretches of work, and pauses between them. All in seconds.</summary>
    private void Day(List<Use> uses, DateTimeOffset midnight, double now, double ends, double lunch)
    {
        var eaten = false;
        while (now < ends)
        {
            var until = Math.Min(ends, now + LogNormal(50 * 60, 0.6));
            if (!eaten && now < lunch && lunch < until)
                until = lunch;
            while (now < until)
                now = Use(uses, midnight, now);
            if (!eaten && now >= lunch)
                (eaten, now) = (true, now + Between(45 * 60, 75 * 60));
            else
                now += _random.NextDouble() < 0.5 ? Between(6 * 60, 18 * 60) : Between(20 * 60, 70 * 60);
        }
    }

    /// <returns>When the artist asks for something again: looks at the picture, changes the prompt.</returns>
    private double Use(List<Use> uses, DateTimeOffset midnight, double now)
    {
        var batch = _random.NextDouble() < 1.0 / 200;
        var work = batch ? Between(15 * 60, 90 * 60) : LogNormal(15, 0.6);
        uses.Add(new(midnight.AddSeconds(now), TimeSpan.FromSeconds(work)));
        return now + work + (batch && _random.NextDouble() < 0.4 ? Between(600, 3600) : LogNormal(batch ? 120 : 40, 0.75));
    }

    private EngineKind Kind()
    {
        var left = _random.NextDouble();
        foreach (var (share, kind) in Kinds)
        {
            left -= share;
            if (left < 0)
                return kind;
        }

        return Kinds[^1].Kind;
    }

    private double Between(double from, double to) => from + ((to - from) * _random.NextDouble());

    private double Normal(double mean, double deviation) =>
        mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    private double LogNormal(double median, double deviation) => median * Math.Exp(Normal(0, deviation));
}
