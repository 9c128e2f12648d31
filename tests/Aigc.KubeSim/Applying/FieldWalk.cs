using System.Text.Json.Nodes;
using Aigc.KubeSim.Schemas;

namespace Aigc.KubeSim.Applying;

/// <summary>Which fields an object has, and which differ between two.</summary>
internal static class FieldWalk
{
    /// <summary>What the server sets itself belongs to nobody.</summary>
    private static readonly FieldSet Nobodys = FieldSet.Parse(JsonNode.Parse(
        """
        {"f:apiVersion":{},"f:kind":{},"f:metadata":{".":{},"f:name":{},"f:namespace":{},"f:creationTimestamp":{},"f:selfLink":{},"f:uid":{},
        "f:clusterName":{},"f:generation":{},"f:managedFields":{},"f:resourceVersion":{},"f:deletionTimestamp":{},"f:deletionGracePeriodSeconds":{}}}
        """));

    public static FieldSet Owned(JsonObject content, FieldType type) => Of(content, type, "", isChange: false).Except(Nobodys);

    /// <returns>What is new or has another value, and what is gone.</returns>
    public static (FieldSet Changed, FieldSet Removed) Compare(JsonObject before, JsonObject after, FieldType type)
    {
        var (changed, removed) = (new FieldSet(), new FieldSet());
        Compare(before, after, type, changed, removed);
        return (changed.Except(Nobodys), removed.Except(Nobodys));
    }

    public static FieldSet Reconcile(FieldSet set, JsonNode? value, FieldType type)
    {
        if (type.IsAtomic || value is null or JsonValue)
            return set;
        if (set.IsMember && set.Children.Count == 0)
            return Of(value, type, "", isChange: true);
        var reconciled = new FieldSet { IsMember = set.IsMember };
        var items = value is JsonArray list ? ListItems.Known(list, type) : [];
        foreach (var (element, child) in set.Children)
        {
            var (below, its) = value is JsonObject fields && element[0] == 'f'
                ? (fields[element[2..]], Schema.Instance.Field(type, element[2..]) ?? FieldType.Anything)
                : (items.Find(item => item.Element == element).Item, type.Item ?? FieldType.Anything);
            reconciled.Children[element] = element[0] == 'f' ? Reconcile(child, below, its) : child.Children.Count == 0 ? child : Reconcile(child, below, its);
        }

        return reconciled;
    }

    /// <param name="isChange">It came or went as a whole, so all that holds something is part of it, not only what it holds.</param>
    private static FieldSet Of(JsonNode? value, FieldType type, string path, bool isChange)
    {
        if (type.IsAtomic || value is null or JsonValue or JsonObject { Count: 0 } or JsonArray { Count: 0 })
            return FieldSet.Leaf();
        var set = new FieldSet { IsMember = isChange };
        if (value is JsonObject fields)
        {
            foreach (var (name, below) in fields)
                set.Children[$"f:{name}"] = Of(below, Schema.Instance.Field(type, name) ?? FieldType.Anything, $"{path}.{name}", isChange);
        }
        else if (value is JsonArray list)
        {
            foreach (var (element, item) in ListItems.Of(list, type, path))
                set.Children[element] = Of(item, type.Item!, path, isChange);
            foreach (var child in set.Children.Values)
                child.IsMember = true;
        }

        return set;
    }

    private static void Compare(JsonNode? before, JsonNode? after, FieldType type, FieldSet changed, FieldSet removed)
    {
        if (before is JsonObject one && after is JsonObject other && !type.IsAtomic)
        {
            foreach (var name in one.Select(entry => entry.Key).Union(other.Select(entry => entry.Key)))
                Pair(one.ContainsKey(name), one[name], other.ContainsKey(name), other[name], Schema.Instance.Field(type, name) ?? FieldType.Anything, $"f:{name}", changed, removed);
        }
        else if (before is JsonArray first && after is JsonArray second && !type.IsAtomic)
        {
            var (old, now) = (ListItems.Known(first, type), ListItems.Known(second, type));
            foreach (var element in old.Select(item => item.Element).Union(now.Select(item => item.Element)))
            {
                var (was, @is) = (old.Find(item => item.Element == element).Item, now.Find(item => item.Element == element).Item);
                Pair(was is not null, was, @is is not null, @is, type.Item!, element, changed, removed);
            }
        }
        else if (before is null && after is JsonArray all && !type.IsAtomic)
        {
            foreach (var (element, item) in ListItems.Known(all, type))
                changed.Children[element] = Of(item, type.Item!, "", isChange: true);
        }
        else if (!JsonNode.DeepEquals(before, after))
            changed.IsMember = true;
    }

    private static void Pair(bool was, JsonNode? before, bool @is, JsonNode? after, FieldType type, string element, FieldSet changed, FieldSet removed)
    {
        if (was && @is)
        {
            Compare(before, after, type, changed[element], removed[element]);
            return;
        }

        var (into, value) = was ? (removed, before) : (changed, after);
        into.Children[element] = Of(value, type, "", isChange: true);
    }
}
