using System.Text.Json;

namespace Aigc.Engines.Templates;

/// <summary>JSON as the nodes that <see cref="FieldReader"/> reads; it has no lines.</summary>
internal static class JsonYaml
{
    public static YamlNode From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Map(json),
        JsonValueKind.Array => new YamlList([.. json.EnumerateArray().Select(From)], 1, 1),
        JsonValueKind.String => Text(json.GetString()!, quoted: true),
        JsonValueKind.Null => Text("", quoted: false),
        _ => Text(json.GetRawText(), quoted: false),
    };

    private static YamlMap Map(JsonElement json)
    {
        var entries = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        // Of a field that is there twice the last counts, as everywhere else.
        foreach (var field in json.EnumerateObject())
            entries[field.Name] = new(Text(field.Name, quoted: true), From(field.Value));
        return new(entries, 1, 1);
    }

    private static YamlText Text(string text, bool quoted) => new(text, quoted, 1, 1);
}
