using System.Globalization;
using Aigc.Engines.Leading;

namespace Aigc.Worker.Local;

/// <summary>
/// Says which term is the newest that has begun on this data folder: <c>engines/.terms</c> holds a file named by each that has, older ones
/// are cleared away. Names are only ever added at the top, so no lock is needed that a paused worker could hold.
/// </summary>
public sealed class TermFolder(DataFolder data)
{
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public void Begin(Term term)
    {
        Directory.CreateDirectory(data.Terms);
        File.WriteAllBytes(PathOf(term.Number), []);
        Require(term);
        foreach (var older in Numbers().Where(number => number < term.Number))
            File.Delete(PathOf(older));
    }

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public void Require(Term term)
    {
        var newest = Numbers().DefaultIfEmpty(0).Max();
        if (newest > term.Number)
            throw new NotLeadingException(term, newest);
    }

    private IEnumerable<long> Numbers() => Directory.Exists(data.Terms)
        ? Directory.EnumerateFiles(data.Terms)
            .Select(file => long.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        : [];

    private string PathOf(long number) => Path.Combine(data.Terms, number.ToString(CultureInfo.InvariantCulture));
}
