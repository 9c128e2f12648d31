using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>
/// The <c>{name}</c> in a runtime's texts. Each brace belongs to a placeholder; only <c>${…}</c>, a shell's own, is left alone.
/// </summary>
public static partial class Placeholders
{
    /// <summary>What the gateway itself fills in.</summary>
    private static readonly string[] OurOwn = ["port", "data", "cache"];

    /// <summary>Whether an operator may give a variable this name.</summary>
    public static bool IsName(string text) => Name().IsMatch(text) && !OurOwn.Contains(text);

    /// <summary>Fills in what <paramref name="values"/> knows.</summary>
    /// <param name="missing">The names it does not know, each once; they stay in the text.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values, out IReadOnlyList<string> missing)
    {
        var unknown = new List<string>();
        missing = unknown;
        return Pattern().Replace(text, match =>
        {
            var name = match.Groups["name"].Value;
            if (values.TryGetValue(name, out var value))
                return value;
            if (!unknown.Contains(name))
                unknown.Add(name);
            return match.Value;
        });
    }

    /// <returns>The first brace that begins or ends no placeholder, with what follows it; null when all are well-formed.</returns>
    internal static string? FirstMistake(string text)
    {
        var rest = ShellVariable().Replace(Pattern().Replace(text, ""), "");
        var at = rest.AsSpan().IndexOfAny('{', '}');
        return at < 0 ? null : rest.Substring(at, Math.Min(20, rest.Length - at));
    }

    [GeneratedRegex(@"(?<!\$)\{(?<name>[A-Za-z][A-Za-z0-9]*)\}")]
    private static partial Regex Pattern();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"\$\{[^{}]*\}")]
    private static partial Regex ShellVariable();
}
