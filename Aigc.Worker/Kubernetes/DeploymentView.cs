using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes;

/// <param name="Version">Of the object as it was seen.</param>
/// <param name="Run">The present start; null: nobody started it since it was released.</param>
/// <param name="Port">Where the engine listens in its pod.</param>
/// <param name="Trouble">Why no pod could be made, in the API server's words.</param>
internal sealed record DeploymentView(
    string Uid,
    string? Version,
    long Replicas,
    string? Run,
    long Generation,
    int Port,
    DateTimeOffset? StartedAt,
    DateTimeOffset? StoppedAt,
    string? Pod,
    DateTimeOffset? PodStartedAt,
    long Term,
    string? Trouble)
{
    public static DeploymentView From(JsonObject item)
    {
        var (metadata, spec, status) = (item.At("metadata"), item.At("spec"), item.At("status"));
        var current = status.Number("observedGeneration") >= metadata.Number("generation");
        return new(
            metadata.Text("uid") ?? "",
            metadata.Text("resourceVersion"),
            metadata.Text("deletionTimestamp") is null ? spec.Number("replicas") ?? 1 : 0,
            item.Mark(Marks.Run),
            item.MarkedNumber(Marks.Generation),
            (int)item.MarkedNumber(Marks.Port),
            item.MarkedTime(Marks.StartedAt),
            item.MarkedTime(Marks.StoppedAt),
            item.Mark(Marks.Pod),
            item.MarkedTime(Marks.PodStartedAt),
            item.MarkedNumber(Marks.Term),
            current ? status.Items("conditions").FirstOrDefault(condition => condition.Text("type") == "ReplicaFailure" && condition.Text("status") == "True").Text("message") : null);
    }
}
