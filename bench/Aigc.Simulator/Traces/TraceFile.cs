using System.Globalization;

namespace Aigc.Simulator.Traces;

/// <summary>Visits as CSV: a line for each request, without quotes.</summary>
internal static class TraceFile
{
    public const string Header = "artist,group,template,gpu_eighths,at,work_seconds,watched_seconds";

    private const double LongestWork = 31 * 24 * 3600;

    private readonly record struct Line(string Artist, string Group, EngineKind Kind, Use Use);

    /// <exception cref="FormatException">A line is wrong; it says which and how.</exception>
    public static Trace Read(string path, TimeZoneInfo zone)
    {
        var lines = Lines(path).GroupBy(line => line.Artist, StringComparer.Ordinal).ToList();
        if (lines.Count == 0)
            throw new FormatException($"{path}: there are no visits in it.");
        var artists = lines.Select(artist => Of(path, [.. artist])).ToList();
        var begin = artists.Min(artist => artist.Uses[0].At);
        var end = artists.Max(artist => artist.Uses.Max(use => use.At + use.Work));
        return new(artists, new(begin.UtcDateTime.Date, TimeSpan.Zero), new(end.UtcDateTime.Date.AddDays(1), TimeSpan.Zero), zone);
    }

    public static void Write(Trace trace, string path)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine(Header);
        foreach (var artist in trace.Artists)
        {
            foreach (var use in artist.Uses)
            {
                writer.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{artist.Name},{artist.Group},{artist.Kind.Template},{artist.Kind.Eighths},{use.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ},{use.Work.TotalSeconds:0.###},{use.Watched.TotalSeconds:0.###}"));
            }
        }
    }

    private static Artist Of(string path, Line[] lines)
    {
        if (lines.FirstOrDefault(line => line.Group != lines[0].Group || line.Kind != lines[0].Kind) is { Artist: { } name })
            throw new FormatException($"{path}: {name} has more than one group, template or part of a card; give each engine an artist of its own.");
        return new(lines[0].Artist, lines[0].Group, lines[0].Kind, [.. lines.Select(line => line.Use).OrderBy(use => use.At)]);
    }

    private static IEnumerable<Line> Lines(string path)
    {
        var number = 0;
        foreach (var text in File.ReadLines(path))
        {
            number++;
            if (number > 1)
                yield return Parse(text, $"{path}:{number}");
            else if (text.Trim() != Header)
                throw new FormatException($"{path}:1: the first line has to be \"{Header}\"; it is \"{text}\".");
        }
    }

    private static Line Parse(string text, string place)
    {
        var fields = text.Split(',');
        if (fields.Length != 7)
            throw new FormatException($"{place}: {fields.Length} columns instead of 7.");
        if (fields[..3].Any(string.IsNullOrWhiteSpace))
            throw new FormatException($"{place}: artist, group and template have to be given.");
        if (!int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var eighths) || eighths is < 1 or > 8)
            throw new FormatException($"{place}: gpu_eighths is \"{fields[3]}\", and has to be 1 to 8.");
        if (!DateTimeOffset.TryParse(fields[4], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            throw new FormatException($"{place}: at is \"{fields[4]}\", and has to be a time such as 2026-03-02T09:30:00+01:00.");
        return new(fields[0], fields[1], new(fields[2], eighths), new(at, Seconds(fields[5], "work_seconds", place), Seconds(fields[6], "watched_seconds", place)));
    }

    private static TimeSpan Seconds(string field, string column, string place) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= LongestWork
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"{place}: {column} is \"{field}\", and has to be seconds, up to a month.");
}
