using System.Globalization;
using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>Durations as people write them: <c>30m</c>, <c>90s</c>, <c>1h30m</c>, <c>500ms</c>; the larger unit first.</summary>
internal static partial class Duration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Pattern().Match(text);
        if (text.Length == 0 || !match.Success)
            return false;
        // Six digits at most in each part: their sum always fits.
        duration = new TimeSpan(Part("d"), Part("h"), Part("m"), Part("s"), Part("ms"));
        return true;

        int Part(string unit) =>
            match.Groups[unit].Success ? int.Parse(match.Groups[unit].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    public static string Format(TimeSpan duration)
    {
        (int Count, string Unit)[] parts =
            [(duration.Days, "d"), (duration.Hours, "h"), (duration.Minutes, "m"), (duration.Seconds, "s"), (duration.Milliseconds, "ms")];
        var text = string.Concat(parts.Where(p => p.Count > 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Count}{p.Unit}")));
        return text.Length == 0 ? "0s" : text;
    }

    [GeneratedRegex(@"\A(?:(?<d>[0-9]{1,6})d)?(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,6})s)?(?:(?<ms>[0-9]{1,6})ms)?\z")]
    private static partial Regex Pattern();
}
