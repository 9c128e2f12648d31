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

    public static string? Mark(this JsonNode? item, string annotation) => item.At("metadata").At("annotations").Text(annotation);
}
