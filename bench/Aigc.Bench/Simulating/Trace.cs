using System.Globalization;

namespace Aigc.Bench.Simulating;

/// <summary>A request that a person made, and how long the engine then was at work.</summary>
internal readonly record struct Use(DateTimeOffset At, TimeSpan Work);

internal sealed record Artist(string Name, string Group, EngineKind Kind, IReadOnlyList<Use> Uses);

/// <param name="Units">Of a card's eight parts.</param>
internal sealed record EngineKind(string Template, int Units);

internal sealed record Trace(IReadOnlyList<Artist> Artists, DateTimeOffset Begin, DateTimeOffset End)
{
    public const string Header = "artist,group,template,units,at,work_seconds";

    /// <summary>Reads a CSV of real visits: a line for each request.</summary>
    /// <exception cref="FormatException">A line is wrong; it says which and how.</exception>
    public static Trace Read(string path)
    {
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext() || lines.Current.Trim() != Header)
            throw new FormatException($"{path}:1: the first line has to be \"{Header}\".");
        var uses = new Dictionary<string, (string Group, EngineKind Kind, List<Use> Uses)>(StringComparer.Ordinal);
        for (var number = 2; lines.MoveNext(); number++)
        {
            var fields = lines.Current.Split(',');
            if (fields.Length != 6
                || !int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var units) || units is < 1 or > 8
                || !DateTimeOffset.TryParse(fields[4], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                || !double.TryParse(fields[5], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is < 0 or > 1e7)
                throw new FormatException($"{path}:{number}: not \"{Header}\" with 1 to 8 units, an ISO 8601 time and seconds.");
            if (!uses.TryGetValue(fields[0], out var artist))
                uses[fields[0]] = artist = (fields[1], new(fields[2], units), []);
            artist.Uses.Add(new(at, TimeSpan.FromSeconds(seconds)));
        }

        if (uses.Count == 0)
            throw new FormatException($"{path}: there are no visits in it.");
        var artists = uses.Select(one => new Artist(one.Key, one.Value.Group, one.Value.Kind, [.. one.Value.Uses.OrderBy(use => use.At)])).ToList();
        var begin = artists.Min(artist => artist.Uses[0].At);
        var end = artists.Max(artist => artist.Uses[^1].At + artist.Uses[^1].Work);
        return new(artists, new(begin.UtcDateTime.Date, TimeSpan.Zero), new(end.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));
    }

    public void Write(string path)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine(Header);
        foreach (var artist in Artists)
        {
            foreach (var use in artist.Uses)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{artist.Name},{artist.Group},{artist.Kind.Template},{artist.Kind.Units},{use.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ},{use.Work.TotalSeconds:0.###}"));
        }
    }
}
