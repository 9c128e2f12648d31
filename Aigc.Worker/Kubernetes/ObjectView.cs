using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes;

/// <summary>What has to be known of an object that is only kept as it was applied.</summary>
/// <param name="Applied">The mark of what was applied last.</param>
/// <param name="Phase">Of a claim, such as <c>Bound</c>.</param>
/// <param name="Size">What a claim asks for, such as <c>20Gi</c>.</param>
internal sealed record ObjectView(string Uid, string? Applied, string? Phase, bool IsLeaving, string? Size = null)
{
    public static ObjectView From(JsonObject item) => new(
        item.At("metadata").Text("uid") ?? "",
        item.Mark(Marks.Applied),
        item.At("status").Text("phase"),
        item.At("metadata").Text("deletionTimestamp") is not null,
        item.At("spec").At("resources").At("requests").Text("storage"));
}
