using System.Globalization;

namespace Aigc.KubeSim.Objects;

/// <summary>Amounts as resources give them: <c>500m</c>, <c>2Gi</c>, <c>1</c>.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("m", 0.001m),
        ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000), ("P", 1_000_000_000_000_000), ("", 1),
    ];

    /// <summary>Null for what is no quantity.</summary>
    public static decimal? Parse(string? text)
    {
        if (text is null)
            return null;
        foreach (var (suffix, factor) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
                return decimal.TryParse(text[..^suffix.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number * factor : null;
        }

        return null;
    }

    public static decimal Of(string? text) => Parse(text) ?? 0;

    /// <summary>As the server writes it: bytes in the largest unit that leaves them whole, anything else without a suffix where it is whole.</summary>
    /// <param name="resource">What it is an amount of, such as <c>requests.storage</c>.</param>
    public static string Write(string resource, decimal amount)
    {
        var isBytes = resource.EndsWith("storage", StringComparison.Ordinal) || resource.EndsWith("memory", StringComparison.Ordinal);
        var unit = isBytes && amount > 0 ? Suffixes.LastOrDefault(one => one.Suffix.EndsWith('i') && amount % one.Factor == 0) : default;
        return unit.Suffix is { } suffix ? $"{Write(amount / unit.Factor)}{suffix}" : Write(amount);
    }

    private static string Write(decimal amount) => amount == decimal.Truncate(amount)
        ? decimal.Truncate(amount).ToString(CultureInfo.InvariantCulture)
        : $"{decimal.Truncate(amount * 1000).ToString(CultureInfo.InvariantCulture)}m";
}
