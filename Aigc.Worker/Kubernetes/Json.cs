using System.Globalization;
using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes;

/// <summary>Reads the cluster's objects; what is missing is null, as in Kubernetes itself.</summary>
internal static class Json
{
    public static JsonNode? At(this JsonNode? node, string name) => (node as JsonObject)?[name];

    public static string? Text(this JsonNode? node, string name) =>
        node.At(name) is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    public static long? Number(this JsonNode? node, string name) =>
        node.At(name) is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    public static DateTimeOffset? Time(this JsonNode? node, string name) =>
        DateTimeOffset.TryParse(node.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static IEnumerable<JsonObject> Items(this JsonNode? node, string name) =>
        (node.At(name) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Whether all that is wanted is so; what the server has filled in besides does not matter.</summary>
    public static bool Has(this JsonNode? node, JsonNode? wanted) => (node, wanted) switch
    {
        (JsonObject all, JsonObject fields) => fields.All(field => all[field.Key].Has(field.Value)),
        (JsonArray all, JsonArray items) => all.Count == items.Count && all.Zip(items).All(pair => pair.First.Has(pair.Second)),
        _ => JsonNode.DeepEquals(node, wanted),
    };

    public static string? Mark(this JsonNode? item, string annotation) => item.At("metadata").At("annotations").Text(annotation);

    public static long MarkedNumber(this JsonNode? item, string annotation) =>
        long.TryParse(item.Mark(annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static DateTimeOffset? MarkedTime(this JsonNode? item, string annotation) => item.At("metadata").At("annotations").Time(annotation);
}
