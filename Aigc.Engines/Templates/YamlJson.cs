using System.Globalization;
using System.Text.Json.Nodes;

namespace Aigc.Engines.Templates;

/// <summary>YAML as the JSON that Kubernetes takes it for: a plain <c>true</c>, <c>7860</c> or <c>0.5</c> is no text, a quoted one is.</summary>
internal static class YamlJson
{
    /// <param name="places">Learns where each path stands, such as <c>spec.containers[0].image</c>.</param>
    public static JsonNode? From(YamlNode node, Dictionary<string, YamlNode> places, string path = "")
    {
        places[path] = node;
        switch (node)
        {
            case YamlMap map:
                var values = new JsonObject();
                foreach (var (name, entry) in map.Entries)
                    values[name] = From(entry.Value, places, path.Length == 0 ? name : $"{path}.{name}");
                return values;
            case YamlList list:
                return new JsonArray([.. list.Items.Select((item, index) => From(item, places, $"{path}[{index}]"))]);
            case YamlText { IsNull: true }:
                return null;
            case YamlText { Quoted: false } text:
                return Plain(text.Value);
            default:
                return ((YamlText)node).Value;
        }
    }

    private static JsonValue Plain(string text) => text switch
    {
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        // Digits alone may be an id that a long does not hold, or one with leading zeros: then they stay text.
        _ when (text == "0" || !text.TrimStart('-').StartsWith('0'))
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when text.Contains('.', StringComparison.Ordinal) && text.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '-')
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
