using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Schemas;

namespace Aigc.KubeSim.Applying;

/// <summary>The items of a list that is merged, by what tells them apart.</summary>
internal static class ListItems
{
    /// <exception cref="ApiException">An item lacks a key, or two have the same.</exception>
    public static List<(string Element, JsonNode Item)> Of(JsonArray list, FieldType type, string path)
    {
        var items = new List<(string Element, JsonNode Item)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index] is not { } item)
                continue;
            var element = type.IsSet ? $"v:{item.ToJsonString()}" : $"k:{Key(item, type, path, index)}";
            if (!seen.Add(element))
                throw Duplicate(path, element);
            items.Add((element, item));
        }

        return items;
    }

    /// <summary>Without complaint: what is stored may hold the same twice, and then the first counts.</summary>
    public static List<(string Element, JsonNode Item)> Known(JsonArray list, FieldType type)
    {
        var known = new List<(string Element, JsonNode Item)>();
        foreach (var item in list.OfType<JsonNode>())
        {
            var element = type.IsSet ? $"v:{item.ToJsonString()}" : $"k:{Key(item, type, null, 0)}";
            if (known.All(one => one.Element != element))
                known.Add((element, item));
        }

        return known;
    }

    private static string Key(JsonNode item, FieldType type, string? path, int index)
    {
        var key = new JsonObject();
        foreach (var name in type.Keys!.Order(StringComparer.Ordinal))
        {
            var field = Schema.Instance.Field(type.Item!, name);
            var value = item.At(name)?.DeepClone() ?? (field?.DefaultValue is { } usual ? JsonValue.Create(usual) : null);
            if (value is null && path is not null)
            {
                throw new ApiException(500, "", $"failed to create typed patch object: {path}: element {index}: associative list with keys has an element that omits key field \"{name}\"");
            }

            key[name] = value;
        }

        return key.ToJsonString(StoredObject.Relaxed);
    }

    private static ApiException Duplicate(string path, string element) =>
        new(500, "", $"failed to create typed patch object: {path}: duplicate entries for key {FieldSet.Words(element)}");
}
