using System.Text.Json.Nodes;
using Aigc.KubeSim.Schemas;

namespace Aigc.KubeSim.Applying;

/// <summary>How an applied configuration becomes part of an object.</summary>
internal static class Merging
{
    /// <summary>What the configuration names, it decides; the rest stays.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? config, FieldType type, string path = "")
    {
        if (type.IsAtomic || live is null)
            return config?.DeepClone();
        if (live is JsonObject there && config is JsonObject wanted)
        {
            var merged = there.DeepClone().AsObject();
            foreach (var (name, value) in wanted)
                merged[name] = Merge(there[name], value, Schema.Instance.Field(type, name) ?? FieldType.Anything, $"{path}.{name}");
            return merged;
        }

        if (live is JsonArray old && config is JsonArray list)
        {
            var items = ListItems.Of(list, type, path);
            var known = ListItems.Known(old, type);
            var merged = new JsonArray();
            foreach (var (element, item) in known)
            {
                var mine = items.Find(one => one.Element == element).Item;
                merged.Add(mine is null ? item.DeepClone() : Merge(item, mine, type.Item!, path));
            }

            foreach (var (element, item) in items.Where(one => known.All(other => other.Element != one.Element)))
                merged.Add(item.DeepClone());
            return merged;
        }

        return config?.DeepClone();
    }

    /// <summary>Takes away what this manager had applied before and does not apply any more, unless somebody else wants it too.</summary>
    public static void Prune(JsonNode node, FieldType type, FieldSet last, FieldSet? now, FieldSet? others)
    {
        if (node is JsonObject fields)
        {
            foreach (var (element, had) in last.Children.Where(child => child.Key[0] == 'f'))
            {
                var name = element[2..];
                if (!fields.ContainsKey(name))
                    continue;
                if (Ends(fields[name], Schema.Instance.Field(type, name) ?? FieldType.Anything, had, now?.Find(element), others?.Find(element)))
                    fields.Remove(name);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var (element, item) in ListItems.Known(list, type))
            {
                if (last.Find(element) is { } had && Ends(item, type.Item!, had, now?.Find(element), others?.Find(element)))
                    list.Remove(item);
            }
        }
    }

    private static bool Ends(JsonNode? value, FieldType type, FieldSet had, FieldSet? now, FieldSet? others)
    {
        var wanted = now is { IsEmpty: false } || others is { IsEmpty: false };
        if (had.IsMember && !wanted)
            return true;
        if (value is null || had.Children.Count == 0)
            return false;
        Prune(value, type, had, now, others);
        // Nothing is left of it, and nobody asked for an empty one.
        return !wanted && value is JsonObject { Count: 0 } or JsonArray { Count: 0 };
    }
}
