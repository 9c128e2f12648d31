using System.Globalization;

namespace Aigc.Bench.Clusters;

/// <summary>What was seen beside what is wanted.</summary>
internal sealed class Scoreboard
{
    private readonly List<(string What, string Seen, string Wanted)> _rows = [];
    private bool _missed;

    public void Note(string what, FormattableString seen) => Add(what, seen.ToString(CultureInfo.InvariantCulture), "");

    public void AtMost(string what, double seen, double limit, string unit) =>
        Add(what, string.Create(CultureInfo.InvariantCulture, $"{seen:0.##} {unit}"), Verdict(string.Create(CultureInfo.InvariantCulture, $"≤ {limit:0.##} {unit}"), seen <= limit));

    public void Exactly(string what, int seen, int wanted) =>
        Add(what, string.Create(CultureInfo.InvariantCulture, $"{seen}"), Verdict(string.Create(CultureInfo.InvariantCulture, $"{wanted}"), seen == wanted));

    /// <returns>1 when a goal was missed.</returns>
    public int Print()
    {
        var (what, seen) = (_rows.Max(row => row.What.Length), _rows.Max(row => row.Seen.Length));
        Console.WriteLine();
        foreach (var row in _rows.Prepend((What: "", Seen: "seen", Wanted: "wanted")))
            Console.WriteLine($"{row.What.PadRight(what)}   {row.Seen.PadRight(seen)}   {row.Wanted}".TrimEnd());
        return _missed ? 1 : 0;
    }

    private string Verdict(string wanted, bool met)
    {
        _missed |= !met;
        return met ? $"{wanted}: met" : $"{wanted}: MISSED";
    }

    private void Add(string what, string seen, string wanted)
    {
        _rows.Add((what, seen, wanted));
        Console.WriteLine($"  {what}: {seen}");
    }
}
