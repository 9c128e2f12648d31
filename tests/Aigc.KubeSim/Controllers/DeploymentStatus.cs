using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Controllers;

/// <summary>How far a deployment has come.</summary>
internal sealed class DeploymentStatus(Cluster cluster)
{
    /// <summary>By uid: what it had come to when it last moved.</summary>
    private readonly Dictionary<string, string> _counts = [];

    /// <returns>When it will be late.</returns>
    public TimeSpan? Write(ObjectKey key, JsonObject deployment, JsonObject? current, List<JsonObject> old)
    {
        var all = current is null ? old : [.. old, current];
        var wanted = deployment.Number("spec", "replicas") ?? 1;
        long Sum(string field) => all.Sum(set => set.Number("status", field) ?? 0);
        var (replicas, updated, ready, available) = (Sum("replicas"), current.Number("status", "replicas") ?? 0, Sum("readyReplicas"), Sum("availableReplicas"));
        var unavailable = Math.Max(0, Math.Max(wanted, replicas) - available);
        var name = current.Text("metadata", "name");
        var isComplete = updated == wanted && available == wanted && replicas == wanted;
        TimeSpan? late = null;
        cluster.UpdateStatus(key, status =>
        {
            status["observedGeneration"] = deployment["metadata"]!["generation"]!.DeepClone();
            foreach (var (field, count) in new[] { ("replicas", replicas), ("updatedReplicas", updated), ("readyReplicas", ready), ("availableReplicas", available), ("unavailableReplicas", unavailable) })
            {
                if (count == 0)
                    status.Remove(field);
                else
                    status[field] = count;
            }

            var isAvailable = available >= wanted;
            cluster.Condition(status, "Available", isAvailable, isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                $"Deployment {(isAvailable ? "has" : "does not have")} minimum availability.");
            Failure(status, current);
            late = Progress(status, deployment, name, isComplete, $"{updated}/{available}/{replicas}/{wanted}");
        });
        if (current.Text("metadata", "annotations", "deployment.kubernetes.io/revision") is { } revision && deployment.Text("metadata", "annotations", "deployment.kubernetes.io/revision") != revision)
            cluster.Assign(key, content => content["metadata"]!.AsObject().Child("annotations")["deployment.kubernetes.io/revision"] = revision);
        return late;
    }

    private void Failure(JsonObject status, JsonObject? current)
    {
        var failure = current.Each("status", "conditions").FirstOrDefault(one => one.Text("type") == "ReplicaFailure");
        if (failure is not null)
            cluster.Condition(status, "ReplicaFailure", true, failure.Text("reason"), failure.Text("message"));
        else
            status.List("conditions").RemoveAll(one => one.Text("type") == "ReplicaFailure");
    }

    private TimeSpan? Progress(JsonObject status, JsonObject deployment, string? set, bool isComplete, string counts)
    {
        var before = status.Each("conditions").FirstOrDefault(one => one.Text("type") == "Progressing");
        var deadline = TimeSpan.FromSeconds(deployment.Number("spec", "progressDeadlineSeconds") ?? 600);
        var hasMoved = before is null || _counts.GetValueOrDefault(deployment.Text("metadata", "uid")!) != counts;
        _counts[deployment.Text("metadata", "uid")!] = counts;
        var since = hasMoved || before.Text("lastUpdateTime") is not { } at ? cluster.Time.GetUtcNow() : DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        var left = since + deadline - cluster.Time.GetUtcNow();
        if (isComplete)
            cluster.Condition(status, "Progressing", true, "NewReplicaSetAvailable", $"ReplicaSet \"{set}\" has successfully progressed.");
        else if (left > TimeSpan.Zero)
        {
            // A deployment that had come through and is only scaled keeps its word.
            if (before.Text("reason") == "NewReplicaSetAvailable" && before.Text("message")!.Contains($"\"{set}\"", StringComparison.Ordinal))
                return null;
            cluster.Condition(status, "Progressing", true, "ReplicaSetUpdated", $"ReplicaSet \"{set}\" is progressing.");
        }
        else
            cluster.Condition(status, "Progressing", false, "ProgressDeadlineExceeded", $"ReplicaSet \"{set}\" has timed out progressing.");
        var condition = status.Each("conditions").First(one => one.Text("type") == "Progressing");
        if (hasMoved || condition["lastUpdateTime"] is null)
            condition["lastUpdateTime"] = cluster.Now;
        return isComplete || left <= TimeSpan.Zero ? null : left;
    }
}
