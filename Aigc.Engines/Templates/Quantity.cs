using System.Globalization;
using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>Amounts as Kubernetes writes them: <c>20Gi</c>, <c>1.5Ti</c>, <c>500m</c>, <c>1e9</c>.</summary>
public static partial class Quantity
{
    /// <summary>Null for what is no amount, or one that no disk ever has.</summary>
    public static decimal? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        try
        {
            return number * Factor(match.Groups["suffix"].Value);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal Factor(string suffix) => suffix switch
    {
        "" => 1,
        "n" => 1e-9m,
        "u" => 1e-6m,
        "m" => 1e-3m,
        [var letter, 'i'] => 1L << (10 * (1 + "KMGTPE".IndexOf(letter, StringComparison.Ordinal))),
        _ => (decimal)Math.Pow(1000, 1 + "kMGTPE".IndexOf(suffix, StringComparison.Ordinal)),
    };

    [GeneratedRegex(@"\A(?<number>[0-9]{1,20}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?)(?<suffix>[KMGTPE]i|[kMGTPE]|[num])?\z")]
    private static partial Regex Pattern();
}
