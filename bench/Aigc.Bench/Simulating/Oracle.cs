namespace Aigc.Bench.Simulating;

/// <summary>Who knows the future: awake exactly while somebody works, sleeping through every pause, up again when the artist comes back. A bound, without queues.</summary>
internal static class Oracle
{
    public static double GpuHours(Trace trace) => trace.Artists.Sum(artist => artist.Kind.Units / 8.0 * Stretches(artist).Sum(stretch => (stretch.End - stretch.Begin + Studio.Boot + Studio.Stop).TotalHours));

    public static double AlwaysOn(Trace trace) => trace.Artists.Sum(artist => artist.Kind.Units / 8.0) * (trace.End - trace.Begin).TotalHours;

    private static IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Stretches(Artist artist)
    {
        (DateTimeOffset Begin, DateTimeOffset End)? open = null;
        foreach (var use in artist.Uses)
        {
            var end = use.At + use.Work;
            if (open is { } stretch && use.At - stretch.End < Studio.Pause)
            {
                open = (stretch.Begin, stretch.End > end ? stretch.End : end);
                continue;
            }

            if (open is { } over)
                yield return over;
            open = (use.At, end);
        }

        if (open is { } last)
            yield return last;
    }
}
