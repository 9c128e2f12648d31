using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Controllers;

/// <summary>A replica set for each version of a deployment's pods; the old ones give way to the new.</summary>
internal sealed class DeploymentController(Cluster cluster) : IController
{
    private const string Hash = "pod-template-hash";
    private const string Revision = "deployment.kubernetes.io/revision";

    private readonly DeploymentStatus _status = new(cluster);

    public IEnumerable<ObjectKey> Concerns(Change change)
    {
        if (change.Key.Type == ResourceType.Deployment)
            return change.IsDeletion ? [] : [change.Key];
        if (change.Key.Type == ResourceType.ReplicaSet && Cluster.OwnerOf(change.After.Read(), ResourceType.Deployment) is { } owner)
            return [owner];
        // A new version waits for the last pod of the old.
        if (change.Key.Type == ResourceType.Pod && change.IsDeletion && Cluster.OwnerOf(change.After.Read(), ResourceType.ReplicaSet) is { } set
            && cluster.Read(set) is { } content && Cluster.OwnerOf(content, ResourceType.Deployment) is { } deployment)
            return [deployment];
        return [];
    }

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Read(key) is not { } deployment || deployment.At("metadata", "deletionTimestamp") is not null)
            return null;
        var uid = deployment.Text("metadata", "uid")!;
        var sets = cluster.Store.List(ResourceType.ReplicaSet, key.Namespace).Where(one => one.Owners.Contains(uid)).Select(one => one.Read()).ToList();
        var current = sets.Find(set => Json.Same(Template(set), deployment.At("spec", "template")));
        var old = sets.Where(set => set != current).ToList();
        var wanted = deployment.Number("spec", "replicas") ?? 1;
        if (MayStart(deployment, old))
        {
            if (current is null)
                current = New(key, deployment, wanted, sets);
            else
                Scale(deployment, current, wanted);
        }

        // Without surge the old go first; with it, when the new are there.
        if (IsRecreate(deployment) || SurgesNot(deployment) || current.Number("status", "availableReplicas") >= wanted)
        {
            foreach (var set in old)
                Scale(deployment, set, 0);
        }

        return _status.Write(key, deployment, current, old);
    }

    private bool MayStart(JsonObject deployment, List<JsonObject> old)
    {
        if (!IsRecreate(deployment))
            return true;
        var uids = old.Select(set => set.Text("metadata", "uid")!).ToList();
        var space = deployment.Text("metadata", "namespace")!;
        return old.TrueForAll(set => set.Number("spec", "replicas") == 0)
            && !cluster.Store.List(ResourceType.Pod, space).Any(pod => pod.Owners.Any(uids.Contains) && pod.Fields["status.phase"] is not ("Succeeded" or "Failed"));
    }

    private JsonObject New(ObjectKey key, JsonObject deployment, long replicas, List<JsonObject> sets)
    {
        var template = deployment.At("spec", "template")!.AsObject().Clone();
        var hash = HashOf(template);
        template.Child("metadata").Child("labels")[Hash] = hash;
        var labels = template.At("metadata", "labels")!.DeepClone();
        var selector = deployment.At("spec", "selector")!.AsObject().Clone();
        selector.Child("matchLabels")[Hash] = hash;
        var revision = sets.Select(set => set.Number("metadata", "annotations", Revision) ?? 0).Append(0).Max() + 1;
        var name = $"{key.Name}-{hash}";
        var created = cluster.Create(new(ResourceType.ReplicaSet, key.Namespace, name), new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = key.Namespace,
                ["labels"] = labels,
                ["annotations"] = new JsonObject
                {
                    ["deployment.kubernetes.io/desired-replicas"] = $"{replicas}",
                    ["deployment.kubernetes.io/max-replicas"] = $"{replicas}",
                    [Revision] = $"{revision}",
                },
                ["ownerReferences"] = new JsonArray(Cluster.ControlledBy(ResourceType.Deployment, deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        }).Read();
        if (replicas > 0)
            cluster.Tell(deployment, "Normal", "ScalingReplicaSet", $"Scaled up replica set {name} to {replicas}", "deployment-controller");
        return created;
    }

    private void Scale(JsonObject deployment, JsonObject set, long replicas)
    {
        if (set.Number("spec", "replicas") is var before && before == replicas)
            return;
        var name = set.Text("metadata", "name")!;
        cluster.Update(new(ResourceType.ReplicaSet, set.Text("metadata", "namespace")!, name), content => content["spec"]!["replicas"] = replicas);
        cluster.Tell(deployment, "Normal", "ScalingReplicaSet", $"Scaled {(before < replicas ? "up" : "down")} replica set {name} to {replicas}", "deployment-controller");
    }

    private static bool IsRecreate(JsonObject deployment) => deployment.Text("spec", "strategy", "type") == "Recreate";

    private static bool SurgesNot(JsonObject deployment) => deployment.Text("spec", "strategy", "rollingUpdate", "maxSurge") is "0" or "0%";

    private static JsonObject Template(JsonObject set)
    {
        var template = set.At("spec", "template")!.AsObject().Clone();
        (template.At("metadata", "labels") as JsonObject)?.Remove(Hash);
        return template;
    }

    private static string HashOf(JsonObject template)
    {
        const string letters = "bcdfghjklmnpqrstvwxz2456789";
        var hash = 2166136261u;
        foreach (var letter in template.ToJsonString())
            hash = (hash ^ letter) * 16777619;
        return string.Concat($"{hash}".Select(digit => letters[digit % letters.Length]));
    }
}
