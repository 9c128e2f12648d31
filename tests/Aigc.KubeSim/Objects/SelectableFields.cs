using System.Text.Json.Nodes;

namespace Aigc.KubeSim.Objects;

/// <summary>What a field selector may ask for, by kind.</summary>
internal static class SelectableFields
{
    private static readonly string[] OfPods = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP", "status.nominatedNodeName"];
    private static readonly string[] OfEvents =
    [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
        "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "source", "type",
    ];

    public static IReadOnlyDictionary<string, string> Of(ObjectKey key, JsonObject content)
    {
        var fields = Names(key.Type).ToDictionary(name => name, name => content.Text(name.Split('.')) ?? "", StringComparer.Ordinal);
        fields["metadata.name"] = key.Name;
        if (key.Type.Namespaced)
            fields["metadata.namespace"] = key.Namespace;
        return fields;
    }

    public static bool Knows(ResourceType type, string field) =>
        field == "metadata.name" || (field == "metadata.namespace" && type.Namespaced) || Names(type).Contains(field);

    private static string[] Names(ResourceType type) => type.Kind switch
    {
        "Pod" => OfPods,
        "Event" => OfEvents,
        "Secret" => ["type"],
        "Namespace" => ["status.phase"],
        "Node" => ["spec.unschedulable"],
        "ReplicaSet" => ["status.replicas"],
        _ => [],
    };
}
