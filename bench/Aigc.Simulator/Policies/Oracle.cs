using Aigc.Simulator.Running;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Policies;

/// <summary>
/// Who knows the future: awake exactly while somebody works, asleep in every pause that is long enough, ready again when the artist comes back.
/// A bound that nobody reaches: cards without end, no queue, no waiting.
/// </summary>
internal static class Oracle
{
    /// <summary>A shorter pause is part of the work: to look at a picture and change the prompt.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    public static double GpuHours(Trace trace, TimeSpan pause) => trace.Artists.Sum(artist =>
        artist.Kind.Gpus * Stretches(artist, pause).Sum(stretch => (stretch.End - stretch.Begin + Studio.Boot + Studio.Stop).TotalHours));

    private static IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Stretches(Artist artist, TimeSpan pause)
    {
        if (artist.Uses.Count == 0)
            yield break;
        var (begin, end) = (artist.Uses[0].At, artist.Uses[0].At);
        foreach (var use in artist.Uses)
        {
            if (use.At - end >= pause)
            {
                yield return (begin, end);
                (begin, end) = (use.At, use.At);
            }

            // What is asked for while it is at work comes after that.
            end = (use.At > end ? use.At : end) + use.Work;
        }

        yield return (begin, end);
    }
}
