using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Writing;

/// <summary>What a writer can't change, whatever it sends.</summary>
internal static class ObjectRules
{
    private static readonly string[] Servers = ["uid", "name", "namespace", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion", "selfLink"];

    public static void Keep(ResourceType type, JsonObject before, JsonObject after, string subresource)
    {
        var metadata = after.Child("metadata");
        foreach (var name in Servers)
            Restore(before["metadata"]!.AsObject(), metadata, name);
        if (subresource == "status")
        {
            foreach (var name in after.Select(entry => entry.Key).Union(before.Select(entry => entry.Key)).Where(name => name is not ("status" or "metadata")).ToList())
                Restore(before, after, name);
            // A status has no finalizers and owners to change.
            Restore(before["metadata"]!.AsObject(), metadata, "finalizers");
            Restore(before["metadata"]!.AsObject(), metadata, "ownerReferences");
        }
        else if (type.HasStatus)
            Restore(before, after, "status");

        if (before.At("metadata", "deletionTimestamp") is not null && after.Texts("metadata", "finalizers").Except(before.Texts("metadata", "finalizers")).ToList() is { Count: > 0 } added)
        {
            var error = FieldError.Forbidden(
                "metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(one => $"\"{one}\""))}}}");
            // Checked twice, and told twice.
            throw ApiException.Invalid(type, after.Text("metadata", "name") ?? "", [error, error]);
        }

        if (type == ResourceType.Service)
        {
            after["spec"]!.AsObject().Default("clusterIP", before.At("spec", "clusterIP")?.DeepClone() ?? "None");
            if (before.At("spec", "clusterIPs") is { } addresses)
                after["spec"]!.AsObject().Default("clusterIPs", addresses.DeepClone());
        }
    }

    public static void CountGeneration(ResourceType type, JsonObject before, JsonObject after)
    {
        if (!type.HasGeneration)
            return;
        var changed = !Json.Same(before["spec"], after["spec"])
            || (type == ResourceType.Deployment && !Json.Same(before.At("metadata", "annotations"), after.At("metadata", "annotations")));
        if (changed)
            after["metadata"]!["generation"] = (before.Number("metadata", "generation") ?? 0) + 1;
    }

    private static void Restore(JsonObject before, JsonObject after, string name)
    {
        if (before[name] is { } value)
            after[name] = value.DeepClone();
        else
            after.Remove(name);
    }
}
