using System.Text.Json.Nodes;
using Aigc.KubeSim.Controllers;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Pods;

/// <summary>What keeps a pod from starting on its node.</summary>
/// <param name="Reason">Of the event.</param>
/// <param name="State">Of the containers meanwhile.</param>
internal sealed record Obstacle(string Reason, string Message, JsonObject State);

/// <summary>What a pod needs besides its node: its disks, configuration and secrets.</summary>
internal sealed class Needs(ObjectStore store, Attachments attachments)
{
    public Obstacle? Missing(ObjectKey key, string uid, string node, JsonObject pod)
    {
        foreach (var volume in pod.Each("spec", "volumes"))
        {
            if (Volume(key, uid, node, volume) is { } obstacle)
                return obstacle;
        }

        foreach (var variable in pod.Each("spec", "containers").SelectMany(container => container.Each("env")).Select(one => one["valueFrom"]).OfType<JsonObject>())
        {
            foreach (var (type, field) in new[] { (ResourceType.ConfigMap, "configMapKeyRef"), (ResourceType.Secret, "secretKeyRef") })
            {
                if (variable[field] is not JsonObject reference || reference.Flag("optional") == true)
                    continue;
                var what = type.Kind.ToLowerInvariant();
                var found = store.Find(type, key.Namespace, reference.Text("name") ?? "")?.Read();
                if (found is null)
                    return Config($"{what} \"{reference.Text("name")}\" not found");
                if (found.At("data", reference.Text("key") ?? "") is null)
                    return Config($"couldn't find key {reference.Text("key")} in {type.Kind} {key.Namespace}/{reference.Text("name")}");
            }
        }

        return null;
    }

    private Obstacle? Volume(ObjectKey key, string uid, string node, JsonObject volume)
    {
        var name = volume.Text("name");
        foreach (var (type, field, by) in new[] { (ResourceType.ConfigMap, "configMap", "name"), (ResourceType.Secret, "secret", "secretName") })
        {
            if (volume[field] is JsonObject source && source.Flag("optional") != true && store.Find(type, key.Namespace, source.Text(by) ?? "") is null && !IsOwnToken(source.Text(by)))
                return Mount($"MountVolume.SetUp failed for volume \"{name}\" : {field.ToLowerInvariant()} \"{source.Text(by)}\" not found");
        }

        if (volume.Text("persistentVolumeClaim", "claimName") is not { } claim)
            return null;
        if (ClaimController.FolderOf(store, key.Namespace, claim) is not { } folder)
            return Mount($"MountVolume.SetUp failed for volume \"{name}\" : persistentvolumeclaim \"{claim}\" not bound");
        var content = store.Find(ResourceType.PersistentVolumeClaim, key.Namespace, claim)!.Read();
        if (content.Texts("spec", "accessModes").Contains("ReadWriteMany") || attachments.TryAttach(folder, node, uid) is not { Count: > 0 } others)
            return null;
        var volumeName = content.Text("spec", "volumeName");
        return new("FailedAttachVolume", $"Multi-Attach error for volume \"{volumeName}\" Volume is already used by pod(s) {string.Join(", ", others)}", PodStatus.Waiting("ContainerCreating"));
    }

    /// <summary>The account's token is there with the account.</summary>
    private static bool IsOwnToken(string? secret) => secret?.Contains("-token-", StringComparison.Ordinal) == true;

    private static Obstacle Mount(string message) => new("FailedMount", message, PodStatus.Waiting("ContainerCreating"));

    private static Obstacle Config(string message) => new("Failed", $"Error: {message}", PodStatus.Waiting("CreateContainerConfigError", message));
}
