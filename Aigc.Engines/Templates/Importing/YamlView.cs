using System.Globalization;

namespace Aigc.Engines.Templates.Importing;

/// <summary>Looks into Kubernetes objects, and changes them; what is missing, or of another shape, is null or empty.</summary>
internal static class YamlView
{
    public static YamlNode? At(this YamlNode? node, string name) =>
        node is YamlMap map && map.Entries.TryGetValue(name, out var entry) && entry.Value is not YamlText { IsNull: true } ? entry.Value : null;

    public static YamlMap? Map(this YamlNode? node, string name) => node.At(name) as YamlMap;

    public static string? Text(this YamlNode? node, string name) => (node.At(name) as YamlText)?.Value;

    public static int? Number(this YamlNode? node, string name) =>
        int.TryParse(node.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool IsTrue(this YamlNode? node, string name) => node.Text(name) is "true" or "True" or "TRUE";

    public static IReadOnlyList<YamlNode> Items(this YamlNode? node, string name) => (node.At(name) as YamlList)?.Items ?? [];

    public static IEnumerable<YamlMap> Maps(this YamlNode? node, string name) => node.Items(name).OfType<YamlMap>();

    public static IEnumerable<string> Texts(this YamlNode? node, string name) => node.Items(name).OfType<YamlText>().Select(text => text.Value);

    /// <summary>The fields that have a value.</summary>
    public static IEnumerable<(string Name, YamlNode Value)> Fields(this YamlNode? node) =>
        node is YamlMap map ? map.Entries.Where(entry => entry.Value.Value is not YamlText { IsNull: true }).Select(entry => (entry.Key, entry.Value.Value)).ToList() : [];

    /// <summary>Takes a field out.</summary>
    /// <returns>Its value; null when it had none.</returns>
    public static YamlNode? Take(this YamlMap map, string name)
    {
        var value = map.At(name);
        map.Entries.Remove(name);
        return value;
    }

    public static void Put(this YamlMap map, string name, YamlNode value) => map.Entries[name] = new(new(name, Quoted: false, value.Line, value.Column), value);

    public static void Put(this YamlMap map, string name, string value, bool quoted = false) => map.Put(name, new YamlText(value, quoted, map.Line, map.Column));

    /// <summary>Keeps some items of a list; a list without items is no field any more.</summary>
    public static void Keep(this YamlMap map, string name, Func<YamlNode, bool> which)
    {
        if (map.At(name) is not YamlList list)
            return;
        var left = list.Items.Where(which).ToList();
        if (left.Count == 0)
            map.Entries.Remove(name);
        else
            map.Put(name, list with { Items = left });
    }
}
