using System.Globalization;

namespace Aigc.Engines.Templates.Importing;

/// <summary>Kubernetes reads YAML 1.1, where a plain <c>0644</c> is octal and <c>yes</c> is true; templates take them for texts.</summary>
internal static class Yaml11
{
    private static readonly string[] Yes = ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"];
    private static readonly string[] No = ["n", "N", "no", "No", "NO", "off", "Off", "OFF"];

    public static YamlNode Read(YamlNode node) => node switch
    {
        YamlMap map => map with
        {
            Entries = new(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value with { Value = Read(entry.Value.Value) })), StringComparer.Ordinal),
        },
        YamlList list => list with { Items = [.. list.Items.Select(Read)] },
        YamlText { Quoted: false } text => text with { Value = Plain(text.Value) },
        _ => node,
    };

    private static string Plain(string text) =>
        Yes.Contains(text) ? "true"
        : No.Contains(text) ? "false"
        : text.Length is > 1 and < 12 && text[0] == '0' && text.All(digit => digit is >= '0' and <= '7') ? Convert.ToInt64(text, 8).ToString(CultureInfo.InvariantCulture)
        : text;
}
