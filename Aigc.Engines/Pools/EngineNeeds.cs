using System.Text.Json;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Pools;

/// <summary>What an engine needs of the pools: data of its template, whatever it is called.</summary>
/// <param name="Units">By resource, such as <c>nvidia.com/gpu</c>.</param>
/// <param name="Machines">Labels that its machine must have.</param>
public sealed record EngineNeeds(IReadOnlyDictionary<string, long> Units, IReadOnlyDictionary<string, string> Machines)
{
    public static EngineNeeds None { get; } = new(new Dictionary<string, long>(), new Dictionary<string, string>());

    public static EngineNeeds Of(LocalRuntime? local) =>
        local?.Resources is { } resources ? new(resources, None.Machines) : None;

    /// <summary>A pod's limits, which for what can't be shared beyond them are its requests.</summary>
    public static EngineNeeds Of(KubernetesRuntime? kubernetes)
    {
        if (kubernetes?.Pod is not { ValueKind: JsonValueKind.Object } pod || Field(pod, "spec") is not { } spec)
            return None;
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var container in Items(spec, "containers"))
        {
            foreach (var (resource, amount) in Limits(container))
                units[resource] = units.GetValueOrDefault(resource) + amount;
        }

        // They run before the others, one after the other.
        foreach (var (resource, amount) in Items(spec, "initContainers").SelectMany(Limits))
            units[resource] = Math.Max(units.GetValueOrDefault(resource), amount);
        var machines = Field(spec, "nodeSelector") is { } selector
            ? selector.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.ToString(), StringComparer.Ordinal)
            : None.Machines;
        return new(units, machines);
    }

    /// <summary>What it needs of the pool; null: the pool has nothing for it.</summary>
    public long? Of(Pool pool) =>
        Units.TryGetValue(pool.Resource, out var units) && units > 0
        && pool.NodeSelector.All(label => !Machines.TryGetValue(label.Key, out var wanted) || wanted == label.Value) ? units : null;

    private static IEnumerable<(string Resource, long Amount)> Limits(JsonElement container)
    {
        if (Field(container, "resources") is not { } resources || (Field(resources, "limits") ?? Field(resources, "requests")) is not { } limits)
            yield break;
        foreach (var limit in limits.EnumerateObject())
        {
            if (Quantity.Parse(limit.Value.ToString()) is > 0 and <= long.MaxValue and var amount)
                yield return (limit.Name, (long)Math.Ceiling(amount));
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement node, string name) =>
        node.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static JsonElement? Field(JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.Object ? field : null;
}
