namespace Aigc.Engines.Templates;

/// <summary>Guesses what a misspelt word was meant to be.</summary>
internal static class Nearest
{
    /// <returns>null when nothing is near enough to be a likely slip.</returns>
    public static string? To(string word, IReadOnlyList<string> known)
    {
        if (word.Length > 40)
            return null;
        var best = known.Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant(), k.ToLowerInvariant()))).MinBy(c => c.Distance);
        return best.Distance <= Math.Max(2, word.Length / 3) && best.Distance < word.Length ? best.Word : null;
    }

    /// <summary>Levenshtein: how many letters to insert, remove or change.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
