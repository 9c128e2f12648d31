using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Scheduling;

/// <summary>What the pods of each node have asked for.</summary>
internal sealed class NodeUse
{
    /// <summary>A version of a pod never changes: with hundreds of pods, reading each at every turn would be all that the scheduler does.</summary>
    private static readonly ConditionalWeakTable<StoredObject, Dictionary<string, decimal>> Known = [];

    private readonly Dictionary<string, Dictionary<string, decimal>> _byNode = [];

    public NodeUse(ObjectStore store)
    {
        foreach (var pod in store.List(ResourceType.Pod, null))
        {
            // A pod that ends has its devices until it is gone.
            if (pod.Fields["spec.nodeName"] is not { Length: > 0 } node || pod.Fields["status.phase"] is "Succeeded" or "Failed")
                continue;
            if (!_byNode.TryGetValue(node, out var use))
                _byNode[node] = use = [];
            foreach (var (name, amount) in Known.GetValue(pod, one => Requests(one.Read())))
                use[name] = use.GetValueOrDefault(name) + amount;
        }
    }

    public IReadOnlyDictionary<string, decimal> Of(string node) => _byNode.GetValueOrDefault(node) ?? [];

    /// <summary>The containers together, or the largest of those that run before them.</summary>
    public static Dictionary<string, decimal> Requests(JsonObject pod)
    {
        var requests = new Dictionary<string, decimal> { ["pods"] = 1 };
        foreach (var (name, amount) in pod.Each("spec", "containers").SelectMany(one => one.Map("resources", "requests")))
            requests[name] = requests.GetValueOrDefault(name) + Quantity.Of(amount);
        foreach (var (name, amount) in pod.Each("spec", "initContainers").SelectMany(one => one.Map("resources", "requests")))
            requests[name] = Math.Max(requests.GetValueOrDefault(name), Quantity.Of(amount));
        return requests;
    }
}
