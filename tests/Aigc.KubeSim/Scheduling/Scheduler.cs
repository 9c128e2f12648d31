using System.Text.Json.Nodes;
using Aigc.KubeSim.Controllers;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Scheduling;

/// <summary>Gives pods a node that has what they ask for, and says why where there is none.</summary>
internal sealed class Scheduler(Cluster cluster) : IController
{
    private const string Name = "default-scheduler";

    public IEnumerable<ObjectKey> Concerns(Change change)
    {
        if (change.Key.Type == ResourceType.Pod && !change.IsDeletion && change.After.Fields["spec.nodeName"].Length == 0)
            return [change.Key];
        // Room may have come: everybody who waits tries again.
        var hasRoom = change.Key.Type == ResourceType.Node || change.Key.Type == ResourceType.PersistentVolumeClaim
            || (change.Key.Type == ResourceType.Pod && (change.IsDeletion || change.After.Fields["status.phase"] is "Succeeded" or "Failed"));
        return hasRoom ? Waiting() : [];
    }

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Read(key) is not { } pod || pod.Text("spec", "nodeName") is { Length: > 0 } || pod.At("metadata", "deletionTimestamp") is not null
            || pod.Text("spec", "schedulerName") != Name)
            return null;
        var nodes = cluster.Store.List(ResourceType.Node, null).Select(node => node.Read()).ToList();
        if (nodes.Count == 0)
        {
            Refuse(key, pod, "no nodes available to schedule pods");
            return null;
        }

        var claims = ClaimController.Claims(pod).ToList();
        if (claims.Find(claim => cluster.Store.Find(ResourceType.PersistentVolumeClaim, key.Namespace, claim) is null) is { } missing)
        {
            Refuse(key, pod, $"0/{nodes.Count} nodes are available: {nodes.Count} persistentvolumeclaim \"{missing}\" not found.");
            return null;
        }

        var unbound = claims.Where(claim => ClaimController.FolderOf(cluster.Store, key.Namespace, claim) is null).ToList();
        if (unbound.Exists(claim => !Waits(key.Namespace, claim)))
        {
            Refuse(key, pod, $"0/{nodes.Count} nodes are available: {nodes.Count} pod has unbound immediate PersistentVolumeClaims.");
            return null;
        }

        var (used, neighbours) = (new NodeUse(cluster.Store), new Neighbours(cluster.Store, key, pod, nodes));
        var reasons = nodes.ToDictionary(
            node => node, node => NodeFit.Reasons(node, pod, used.Of(node.Text("metadata", "name")!)) is { Count: > 0 } unfit ? unfit : neighbours.Reasons(node));
        if (reasons.Where(node => node.Value.Count == 0).Select(node => node.Key).MinBy(node => used.Of(node.Text("metadata", "name")!).GetValueOrDefault("pods")) is not { } chosen)
        {
            var words = reasons.Values.SelectMany(why => why).GroupBy(why => why).Select(group => $"{group.Count()} {group.Key}").Order(StringComparer.Ordinal);
            Refuse(key, pod, $"0/{nodes.Count} nodes are available: {string.Join(", ", words)}.");
            return null;
        }

        Place(key, pod, chosen.Text("metadata", "name")!, unbound);
        return null;
    }

    private void Place(ObjectKey key, JsonObject pod, string node, List<string> unbound)
    {
        if (unbound.Count > 0)
        {
            // The disk is made for the node; then it is this pod's turn again.
            foreach (var claim in unbound)
            {
                cluster.Update(new(ResourceType.PersistentVolumeClaim, key.Namespace, claim), content =>
                    content["metadata"]!.AsObject().Child("annotations")[ClaimController.SelectedNode] = node);
            }

            return;
        }

        cluster.Assign(key, content =>
        {
            content["spec"]!["nodeName"] = node;
            cluster.Condition(content.Child("status"), "PodScheduled", true, null, null);
        });
        cluster.Tell(pod, "Normal", "Scheduled", $"Successfully assigned {key.Namespace}/{key.Name} to {node}", Name);
    }

    private void Refuse(ObjectKey key, JsonObject pod, string why)
    {
        cluster.Tell(pod, "Warning", "FailedScheduling", why, Name);
        cluster.UpdateStatus(key, status => cluster.Condition(status, "PodScheduled", false, "Unschedulable", why));
    }

    private bool Waits(string @namespace, string claim)
    {
        var storage = cluster.Read(new(ResourceType.PersistentVolumeClaim, @namespace, claim)).Text("spec", "storageClassName");
        return cluster.Read(new(ResourceType.StorageClass, "", storage ?? "")).Text("volumeBindingMode") == "WaitForFirstConsumer";
    }

    private IEnumerable<ObjectKey> Waiting() =>
        cluster.Store.List(ResourceType.Pod, null).Where(pod => pod.Fields["spec.nodeName"].Length == 0 && !pod.IsDeleting).Select(pod => pod.Key);
}
