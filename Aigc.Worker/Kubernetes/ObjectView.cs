using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes;

/// <summary>What has to be known of an object that is only kept as it was applied.</summary>
/// <param name="Applied">The mark of what was applied last.</param>
/// <param name="Phase">Of a claim, such as <c>Bound</c>.</param>
/// <param name="Size">What a claim asks for, such as <c>20Gi</c>.</param>
/// <param name="Body">All but metadata and status, as text: there are thousands of them, and it is seldom read.</param>
internal sealed record ObjectView(string Uid, string? Applied, string? Phase, bool IsLeaving, string? Size, string Body)
{
    /// <summary>Whether it is what was applied last, and nobody has changed that by hand.</summary>
    public bool Is(JsonObject wanted) => Applied == wanted.Mark(Marks.Applied) && JsonNode.Parse(Body).Has(BodyOf(wanted));

    public static ObjectView From(JsonObject item) => new(
        item.At("metadata").Text("uid") ?? "",
        item.Mark(Marks.Applied),
        item.At("status").Text("phase"),
        item.At("metadata").Text("deletionTimestamp") is not null,
        item.At("spec").At("resources").At("requests").Text("storage"),
        BodyOf(item).ToJsonString());

    private static JsonObject BodyOf(JsonObject item) =>
        new(item.Where(field => field.Key is not ("metadata" or "status" or "apiVersion" or "kind")).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
}
