using System.Text.RegularExpressions;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Local;

/// <summary>Fills <c>{name}</c> in a template's strings. <c>${name}</c> is the shell's and left alone; so are braces around anything else, such as JSON.</summary>
internal sealed partial class Placeholders(IReadOnlyDictionary<string, string> values)
{
    private static readonly string[] OurOwn = ["port", "data", "cache"];

    public static bool IsName(string text) => Name().IsMatch(text) && !OurOwn.Contains(text);

    public string Fill(string text) => Placeholder().Replace(text, match =>
        values.TryGetValue(match.Groups[1].Value, out var value)
            ? value
            : throw new EngineStartException(new(Reasons.StartFailed,
                $"The template uses {match.Value}, which is neither a word of the gateway nor set as Local:Variables:{match.Groups[1].Value}.")));

    [GeneratedRegex(@"(?<!\$)\{([A-Za-z][A-Za-z0-9]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*$")]
    private static partial Regex Name();
}
