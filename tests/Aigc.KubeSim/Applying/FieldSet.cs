using System.Text.Json.Nodes;

namespace Aigc.KubeSim.Applying;

/// <summary>
/// Fields of an object, as <c>fieldsV1</c> writes them: <c>f:name</c> a field, <c>k:{…}</c> an item by its keys, <c>v:…</c> an item by value,
/// <c>.</c> the thing itself.
/// </summary>
internal sealed class FieldSet
{
    public SortedDictionary<string, FieldSet> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>The path that leads here is in the set, not only some below it.</summary>
    public bool IsMember { get; set; }

    public bool IsEmpty => !IsMember && Children.Values.All(child => child.IsEmpty);

    public static FieldSet Leaf() => new() { IsMember = true };

    public FieldSet this[string element]
    {
        get
        {
            if (!Children.TryGetValue(element, out var child))
                Children[element] = child = new();
            return child;
        }
    }

    public FieldSet? Find(string element) => Children.GetValueOrDefault(element);

    public static FieldSet Parse(JsonNode? fields)
    {
        var set = new FieldSet();
        foreach (var (element, below) in fields as JsonObject ?? [])
        {
            if (element == ".")
                set.IsMember = true;
            else
                set.Children[element] = below is JsonObject { Count: > 0 } ? Parse(below) : Leaf();
        }

        return set;
    }

    public JsonObject ToJson()
    {
        var fields = new JsonObject();
        if (IsMember && Children.Count > 0)
            fields["."] = new JsonObject();
        foreach (var (element, child) in Children)
        {
            if (!child.IsEmpty)
                fields[element] = child.ToJson();
        }

        return fields;
    }

    public FieldSet Union(FieldSet? other)
    {
        var result = new FieldSet { IsMember = IsMember || other?.IsMember == true };
        foreach (var element in Children.Keys.Union(other?.Children.Keys ?? Enumerable.Empty<string>()))
            result.Children[element] = (Find(element) ?? new()).Union(other?.Find(element));
        return result;
    }

    public FieldSet Except(FieldSet? other)
    {
        var result = new FieldSet { IsMember = IsMember && other?.IsMember != true };
        foreach (var (element, child) in Children)
        {
            if (child.Except(other?.Find(element)) is { IsEmpty: false } left)
                result.Children[element] = left;
        }

        return result;
    }

    public FieldSet Intersect(FieldSet? other)
    {
        var result = new FieldSet { IsMember = IsMember && other?.IsMember == true };
        foreach (var (element, child) in Children)
        {
            if (other?.Find(element) is { } same && child.Intersect(same) is { IsEmpty: false } both)
                result.Children[element] = both;
        }

        return result;
    }

    /// <summary>The members as people read them: <c>.spec.containers[name="x"].image</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember)
            yield return prefix;
        foreach (var (element, child) in Children)
        {
            foreach (var path in child.Paths(prefix + Words(element)))
                yield return path;
        }
    }

    public static string Words(string element) => element[..2] switch
    {
        "f:" => $".{element[2..]}",
        "k:" => $"[{string.Join(",", JsonNode.Parse(element[2..])!.AsObject().Select(key => $"{key.Key}={key.Value!.ToJsonString()}"))}]",
        _ => $"[={element[2..]}]",
    };
}
