using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes;

/// <param name="Start">Of a pod that stands by itself; null: a Deployment asked for it.</param>
/// <param name="Version">Of the object as it was seen.</param>
/// <param name="LeavesAt">By when it was asked to be gone; null: nobody asked.</param>
/// <param name="Grace">How long before that it was asked.</param>
/// <param name="PlacedAt">When it got its machine.</param>
/// <param name="Unplaced">Why there is no machine for it, in the scheduler's words.</param>
/// <param name="IsLost">Whether its machine does not answer: nobody knows what has become of it.</param>
/// <param name="Finished">All its containers have ended, and none starts again: a pod that was evicted.</param>
/// <param name="Image">Of the engine.</param>
/// <param name="IsRunning">Whether the engine's container runs.</param>
/// <param name="Ended">How the engine, or what has to run before it, ended the last time.</param>
/// <param name="Stuck">Why a container does not start, as a word and a sentence of the kubelet.</param>
internal sealed record PodView(
    string Name,
    string Uid,
    PodStart? Start,
    string? Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LeavesAt,
    TimeSpan Grace,
    string? Node,
    DateTimeOffset? PlacedAt,
    string? Unplaced,
    bool IsLost,
    bool Finished,
    string? Ip,
    string Container,
    string? Image,
    bool IsRunning,
    ContainerEnd? Ended,
    (string Reason, string Message)? Stuck)
{
    /// <summary>What a container waits for that comes by itself.</summary>
    private static readonly string[] Patient = ["ContainerCreating", "PodInitializing", "CrashLoopBackOff"];

    /// <summary>What metering counts by: a pod that was given to an engine begins anew with it.</summary>
    public string Use => Start?.Run ?? Uid;

    public static PodView From(JsonObject item)
    {
        var (metadata, spec, status) = (item.At("metadata"), item.At("spec"), item.At("status"));
        var engine = spec.Items("containers").FirstOrDefault();
        var name = engine.Text("name") ?? "";
        var mine = status.Items("containerStatuses").FirstOrDefault(container => container.Text("name") == name);
        var before = status.Items("initContainerStatuses").ToList();
        var placed = Condition(status, "PodScheduled");
        var isPlaced = placed.Text("status") == "True" || spec.Text("nodeName") is not null;
        return new(
            metadata.Text("name") ?? "",
            metadata.Text("uid") ?? "",
            PodStart.Of(item),
            metadata.Text("resourceVersion"),
            metadata.Time("creationTimestamp") ?? default,
            metadata.Time("deletionTimestamp"),
            TimeSpan.FromSeconds(metadata.Number("deletionGracePeriodSeconds") ?? 0),
            spec.Text("nodeName"),
            isPlaced ? placed.Time("lastTransitionTime") ?? metadata.Time("creationTimestamp") : null,
            isPlaced ? null : placed.Text("message"),
            Lost(status),
            status.Text("phase") is "Failed" or "Succeeded",
            status.Text("podIP"),
            name,
            engine.Text("image"),
            mine.At("state").At("running") is not null,
            ContainerEnd.Of(mine) ?? before.Where(container => Waiting(container)?.Reason == "CrashLoopBackOff").Select(ContainerEnd.Of).FirstOrDefault(),
            before.Append(mine).Select(Waiting).FirstOrDefault(waiting => waiting is { } one && !Patient.Contains(one.Reason)));
    }

    /// <summary>
    /// The cluster takes readiness from the pods of a machine that went silent and leaves all else as its kubelet said it last.
    /// A kubelet never contradicts itself so, and gives a reason.
    /// </summary>
    private static bool Lost(JsonNode? status) =>
        Condition(status, "Ready") is { } ready && ready.Text("status") is not "True" && ready.Text("reason") is null or "" or "NodeStatusUnknown" or "NodeLost"
        && Condition(status, "ContainersReady").Text("status") == "True";

    private static JsonObject? Condition(JsonNode? status, string type) =>
        status.Items("conditions").FirstOrDefault(condition => condition.Text("type") == type);

    private static (string Reason, string Message)? Waiting(JsonObject? container) =>
        container.At("state").At("waiting") is { } waiting && waiting.Text("reason") is { } reason ? (reason, waiting.Text("message") ?? "") : null;
}

/// <param name="Reason">The kubelet's word, such as <c>OOMKilled</c>.</param>
internal sealed record ContainerEnd(int Code, string? Reason, DateTimeOffset? At)
{
    /// <summary>Null when it has not ended yet. One that the kubelet has started again since has.</summary>
    public static ContainerEnd? Of(JsonObject? container) =>
        (container.At("state").At("terminated") ?? container.At("lastState").At("terminated")) is { } ended
            ? new((int)(ended.Number("exitCode") ?? 0), ended.Text("reason"), ended.Time("finishedAt"))
            : null;
}

/// <param name="At">When the pod began to be its engine's.</param>
internal sealed record PodStart(string Run, long Generation, int Port, DateTimeOffset At)
{
    public static PodStart? Of(JsonObject item) => item.Mark(Marks.Run) is { } run
        ? new(run, item.MarkedNumber(Marks.Generation), (int)item.MarkedNumber(Marks.Port), item.MarkedTime(Marks.StartedAt) ?? item.At("metadata").Time("creationTimestamp") ?? default)
        : null;
}
