using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Controllers;

/// <summary>As many pods as wanted. One that is ending does not count: its successor comes beside it.</summary>
internal sealed class ReplicaSetController(Cluster cluster) : IController
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, int> _failures = [];

    public IEnumerable<ObjectKey> Concerns(Change change)
    {
        if (change.Key.Type == ResourceType.ReplicaSet)
            return change.IsDeletion ? [] : [change.Key];
        return change.Key.Type == ResourceType.Pod && Cluster.OwnerOf(change.After.Read(), ResourceType.ReplicaSet) is { } owner ? [owner] : [];
    }

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Read(key) is not { } set)
            return null;
        var uid = set.Text("metadata", "uid")!;
        var (pods, failure) = (Active(key, uid), (ApiException?)null);
        var missing = (set.Number("spec", "replicas") ?? 0) - pods.Count;
        if (set.At("metadata", "deletionTimestamp") is null)
        {
            failure = missing > 0 ? Create(key, set, missing) : null;
            foreach (var surplus in pods.OrderBy(IsReady).Take((int)Math.Max(0, -missing)))
            {
                cluster.Delete(surplus.Key);
                cluster.Tell(set, "Normal", "SuccessfulDelete", $"Deleted pod: {surplus.Key.Name}", "replicaset-controller");
            }

            pods = Active(key, uid);
        }

        Status(key, set, pods, failure);
        if (failure is null)
        {
            _failures.Remove(uid);
            return null;
        }

        _failures[uid] = _failures.GetValueOrDefault(uid) + 1;
        var pause = FirstPause * Math.Pow(2, Math.Min(10, _failures[uid] - 1));
        return pause < LongestPause ? pause : LongestPause;
    }

    private List<StoredObject> Active(ObjectKey key, string uid) =>
        [.. cluster.Store.List(ResourceType.Pod, key.Namespace).Where(pod => pod.Owners.Contains(uid) && !pod.IsDeleting && pod.Fields["status.phase"] is not ("Succeeded" or "Failed"))];

    private ApiException? Create(ObjectKey key, JsonObject set, long count)
    {
        for (var made = 0; made < count; made++)
        {
            var pod = set.At("spec", "template")!.AsObject().Clone();
            var metadata = pod.Child("metadata");
            metadata.Remove("creationTimestamp");
            metadata["generateName"] = $"{key.Name}-";
            metadata["ownerReferences"] = new JsonArray(Cluster.ControlledBy(ResourceType.ReplicaSet, set));
            (pod["apiVersion"], pod["kind"]) = ("v1", "Pod");
            try
            {
                var created = cluster.Create(new(ResourceType.Pod, key.Namespace, ""), pod);
                cluster.Tell(set, "Normal", "SuccessfulCreate", $"Created pod: {created.Key.Name}", "replicaset-controller");
            }
            catch (ApiException exception)
            {
                cluster.Tell(set, "Warning", "FailedCreate", $"Error creating: {exception.Message}", "replicaset-controller");
                return exception;
            }
        }

        return null;
    }

    private void Status(ObjectKey key, JsonObject set, List<StoredObject> pods, ApiException? failure)
    {
        var ready = pods.Count(IsReady);
        cluster.UpdateStatus(key, status =>
        {
            status["replicas"] = pods.Count;
            status["observedGeneration"] = set["metadata"]!["generation"]!.DeepClone();
            foreach (var (field, count) in new[] { ("fullyLabeledReplicas", pods.Count), ("readyReplicas", ready), ("availableReplicas", ready) })
            {
                if (count == 0)
                    status.Remove(field);
                else
                    status[field] = count;
            }

            if (failure is not null)
                cluster.Condition(status, "ReplicaFailure", true, "FailedCreate", failure.Message);
            else if (status["conditions"] is JsonArray conditions)
                conditions.RemoveAll(one => one.Text("type") == "ReplicaFailure");
        });
    }

    private static bool IsReady(StoredObject pod) =>
        pod.Read().Each("status", "conditions").Any(one => one.Text("type") == "Ready" && one.Text("status") == "True");
}
