using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Watching;

namespace Aigc.KubeSim.Scheduling;

/// <summary>Where a pod may not be because of the pods that are there already, whether they end or not.</summary>
internal sealed class AntiAffinity
{
    private readonly HashSet<(string Key, string Value)> _taken = [];

    public AntiAffinity(ObjectStore store, ObjectKey key, JsonObject pod, IReadOnlyList<JsonObject> nodes)
    {
        var terms = pod.Each("spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution").ToList();
        if (terms.Count == 0)
            return;
        var labels = nodes.ToDictionary(node => node.Text("metadata", "name")!, node => node.Map("metadata", "labels"));
        foreach (var other in store.List(ResourceType.Pod, key.Namespace))
        {
            if (other.Fields["status.phase"] is "Succeeded" or "Failed" || !labels.TryGetValue(other.Fields["spec.nodeName"], out var there))
                continue;
            foreach (var term in terms.Where(term => LabelSelector.Of(term["labelSelector"]).Matches(other.Labels)))
            {
                if (there.TryGetValue(term.Text("topologyKey")!, out var value))
                    _taken.Add((term.Text("topologyKey")!, value));
            }
        }
    }

    public IReadOnlyList<string> Reasons(JsonObject node) =>
        node.Map("metadata", "labels").Any(label => _taken.Contains((label.Key, label.Value))) ? ["node(s) didn't match pod anti-affinity rules"] : [];
}
