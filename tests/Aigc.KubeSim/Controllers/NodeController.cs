using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Scheduling;

namespace Aigc.KubeSim.Controllers;

/// <summary>Notices nodes that went silent, and in time gives up their pods; pods of nodes that are no more go at once.</summary>
internal sealed class NodeController(Cluster cluster, Pods.Nodes nodes, TimeSpan patience) : IController
{
    private const string Unreachable = "node.kubernetes.io/unreachable";
    private const string NotReady = "node.kubernetes.io/not-ready";

    public IEnumerable<ObjectKey> Concerns(Change change) =>
        change.Key.Type == ResourceType.Node ? [change.Key]
        : change.Key.Type == ResourceType.Pod && change.After.Fields["spec.nodeName"] is { Length: > 0 } node ? [new(ResourceType.Node, "", node)]
        : change.Key.Type == ResourceType.Lease && change.Key.Namespace == Pods.Nodes.LeaseNamespace ? [new(ResourceType.Node, "", change.Key.Name)]
        : [];

    public TimeSpan? Reconcile(ObjectKey key)
    {
        var pods = cluster.Store.List(ResourceType.Pod, null).Where(pod => pod.Fields["spec.nodeName"] == key.Name).ToList();
        if (cluster.Read(key) is not { } node)
        {
            foreach (var pod in pods)
                cluster.Delete(pod.Key, grace: 0);
            return null;
        }

        // When the clock jumps, nodes that are heard of have had no time to say so.
        var silent = cluster.Time.GetUtcNow() - Heartbeat(key.Name);
        if (silent >= patience && nodes.TryBeat(key.Name))
            silent = TimeSpan.Zero;
        if (silent < patience)
        {
            Trust(key, node);
            return patience - silent;
        }

        Distrust(key, node, pods);
        return Evict(cluster.Read(key)!, pods);
    }

    private DateTimeOffset Heartbeat(string node) =>
        cluster.Read(new(ResourceType.Lease, Pods.Nodes.LeaseNamespace, node)).Text("spec", "renewTime") is { } time
            ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)
            : cluster.Time.GetUtcNow();

    private void Trust(ObjectKey key, JsonObject node)
    {
        if (!node.Each("status", "conditions").Any(one => one.Text("type") == "Ready" && one.Text("status") == "True"))
            return;
        if (node.Each("spec", "taints").Any(taint => taint.Text("key") is Unreachable or NotReady))
            cluster.Update(key, content => content["spec"]!["taints"]!.AsArray().RemoveAll(taint => taint.Text("key") is Unreachable or NotReady));
    }

    private void Distrust(ObjectKey key, JsonObject node, List<StoredObject> pods)
    {
        if (node.Each("spec", "taints").Any(taint => taint.Text("key") == Unreachable))
            return;
        cluster.UpdateStatus(key, status => cluster.Condition(status, "Ready", null, "NodeStatusUnknown", "Kubelet stopped posting node status."));
        cluster.Update(key, content =>
        {
            foreach (var effect in new[] { "NoSchedule", "NoExecute" })
                content.Child("spec").List("taints").Add(new JsonObject { ["key"] = Unreachable, ["effect"] = effect, ["timeAdded"] = cluster.Now });
        });
        cluster.Tell(node, "Normal", "NodeNotReady", $"Node {key.Name} status is now: NodeNotReady", "node-controller");
        foreach (var pod in pods)
        {
            cluster.UpdateStatus(pod.Key, status =>
            {
                // All else, also why it was not ready before, stays as its kubelet said it last.
                if (status.Each("conditions").Any(one => one.Text("type") == "Ready" && one.Text("status") == "True"))
                    cluster.Condition(status, "Ready", false, null, null);
            });
            cluster.Tell(pod.Read(), "Warning", "NodeNotReady", "Node is not ready", "node-controller");
        }
    }

    /// <summary>Pods stay as long as they tolerate it. After that they are to end, and do when their kubelet is back.</summary>
    private TimeSpan? Evict(JsonObject node, List<StoredObject> pods)
    {
        if (node.Each("spec", "taints").FirstOrDefault(one => one.Text("key") == Unreachable && one.Text("effect") == "NoExecute") is not { } taint)
            return null;
        var since = DateTimeOffset.Parse(taint.Text("timeAdded")!, CultureInfo.InvariantCulture);
        TimeSpan? next = null;
        foreach (var pod in pods.Where(pod => !pod.IsDeleting))
        {
            var content = pod.Read();
            var tolerations = content.Each("spec", "tolerations").Where(one => NodeFit.Tolerates(one, taint)).ToList();
            if (tolerations.Exists(one => one.Number("tolerationSeconds") is null) && tolerations.Count > 0)
                continue;
            var left = since + TimeSpan.FromSeconds(tolerations.Select(one => one.Number("tolerationSeconds") ?? 0).DefaultIfEmpty(0).Min()) - cluster.Time.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                next = next is { } sooner && sooner < left ? sooner : left;
                continue;
            }

            cluster.Tell(content, "Normal", "TaintManagerEviction", $"Marking for deletion Pod {pod.Key.Path}", "taint-eviction-controller");
            cluster.Delete(pod.Key);
        }

        return next;
    }
}
