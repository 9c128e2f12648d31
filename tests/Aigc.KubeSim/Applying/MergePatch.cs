using System.Text.Json.Nodes;
using Aigc.KubeSim.Schemas;

namespace Aigc.KubeSim.Applying;

/// <summary>JSON merge patch, and the strategic one, which merges lists that have a key.</summary>
internal static class MergePatch
{
    public static void Apply(JsonObject content, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                content.Remove(name);
            else if (value is JsonObject below)
            {
                var into = content[name] as JsonObject ?? [];
                Apply(into, below);
                if (into.Parent is null)
                    content[name] = into;
            }
            else
                content[name] = value.DeepClone();
        }
    }

    public static void ApplyStrategic(JsonObject content, JsonObject patch, FieldType type)
    {
        if ((string?)patch["$patch"] == "replace")
            content.Clear();
        foreach (var (name, value) in patch.Where(entry => entry.Key[0] != '$'))
        {
            var field = Schema.Instance.Field(type, name) ?? FieldType.Anything;
            if (value is null)
                content.Remove(name);
            else if (value is JsonObject below && field.Shape is Shape.Struct or Shape.Map)
            {
                var into = content[name] as JsonObject ?? [];
                if ((string?)value["$patch"] == "delete")
                    content.Remove(name);
                else
                {
                    ApplyStrategic(into, value.AsObject(), field);
                    if (into.Parent is null)
                        content[name] = into;
                }
            }
            else if (value is JsonArray list && content[name] is JsonArray there && (field.PatchKey is not null || field.PatchesSet))
                MergeList(there, list, field);
            else
                content[name] = value is JsonArray whole ? new JsonArray([.. whole.Where(IsItem).Select(item => item?.DeepClone())]) : value.DeepClone();
        }
    }

    /// <summary>New items come first, as the server has them.</summary>
    private static void MergeList(JsonArray list, JsonArray patch, FieldType field)
    {
        var at = 0;
        foreach (var item in patch.OfType<JsonNode>())
        {
            if (field.PatchKey is not { } key)
            {
                if (!list.Any(one => JsonNode.DeepEquals(one, item)))
                    list.Add(item.DeepClone());
                continue;
            }

            var same = list.FirstOrDefault(one => JsonNode.DeepEquals(one?[key], item[key]));
            if ((string?)item["$patch"] == "delete")
                list.Remove(same);
            else if (same is JsonObject there)
                ApplyStrategic(there, item.AsObject(), field.Item!);
            else
                list.Insert(at++, item.DeepClone());
        }
    }

    private static bool IsItem(JsonNode? item) => item is not JsonObject patch || (string?)patch["$patch"] != "delete";
}
