using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Watching;

namespace Aigc.KubeSim.Scheduling;

/// <summary>Whose neighbour a pod has to be, and whose it must not be. A pod that ends is a neighbour until it is gone.</summary>
internal sealed class Neighbours
{
    private const string Unmatched = "node(s) didn't match pod affinity/anti-affinity";

    private readonly ObjectKey _key;
    private readonly JsonObject _pod;
    private readonly IReadOnlyList<(ObjectKey Key, JsonObject Pod, Dictionary<string, string> Place)> _others;

    /// <param name="nodes">All of the cluster.</param>
    public Neighbours(ObjectStore store, ObjectKey key, JsonObject pod, IEnumerable<JsonObject> nodes)
    {
        (_key, _pod) = (key, pod);
        var places = nodes.ToDictionary(node => node.Text("metadata", "name")!, node => node.Map("metadata", "labels"));
        _others =
        [
            .. store.List(ResourceType.Pod, null)
                .Where(one => one.Fields["status.phase"] is not ("Succeeded" or "Failed") && places.ContainsKey(one.Fields["spec.nodeName"]))
                .Select(one => (one.Key, one.Read(), places[one.Fields["spec.nodeName"]])),
        ];
    }

    /// <returns>Why the pod can't be on this node, in the scheduler's words; none when it can.</returns>
    public IReadOnlyList<string> Reasons(JsonObject node)
    {
        var place = node.Map("metadata", "labels");
        var wanted = Terms(_pod, "podAffinity").ToList();
        // The first of those that want to be together may begin anywhere.
        var isFirst = wanted.TrueForAll(term => Selects(term, _key, _key, _pod)) && !_others.Any(other => wanted.Exists(term => Selects(term, _key, other.Key, other.Pod)));
        if (!isFirst && !wanted.TrueForAll(term => _others.Any(other => Selects(term, _key, other.Key, other.Pod) && IsNear(term, place, other.Place))))
            return [Unmatched, "node(s) didn't match pod affinity rules"];
        if (Terms(_pod, "podAntiAffinity").Any(term => _others.Any(other => Selects(term, _key, other.Key, other.Pod) && IsNear(term, place, other.Place))))
            return [Unmatched, "node(s) didn't match pod anti-affinity rules"];
        return _others.Any(other => Terms(other.Pod, "podAntiAffinity").Any(term => Selects(term, other.Key, _key, _pod) && IsNear(term, place, other.Place)))
            ? [Unmatched, "node(s) didn't satisfy existing pods anti-affinity rules"]
            : [];
    }

    private static IEnumerable<JsonObject> Terms(JsonObject pod, string kind) => pod.Each("spec", "affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution");

    private static bool Selects(JsonObject term, ObjectKey whose, ObjectKey key, JsonObject pod)
    {
        var spaces = term.Texts("namespaces").ToList();
        return (spaces.Count == 0 ? key.Namespace == whose.Namespace : spaces.Contains(key.Namespace))
            && term["labelSelector"] is { } selector && LabelSelector.Of(selector).Matches(pod.Map("metadata", "labels"));
    }

    private static bool IsNear(JsonObject term, Dictionary<string, string> place, Dictionary<string, string> other) =>
        term.Text("topologyKey") is { } key && place.TryGetValue(key, out var here) && other.TryGetValue(key, out var there) && here == there;
}
