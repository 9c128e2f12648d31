using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Controllers;

/// <summary>Gives claims a disk, a real folder; takes it back when the claim is deleted and no pod has it any more.</summary>
internal sealed class ClaimController(Cluster cluster, DirectoryInfo folder) : IController
{
    public const string SelectedNode = "volume.kubernetes.io/selected-node";
    public const string Provisioner = "kubesim.local/folder";

    public IEnumerable<ObjectKey> Concerns(Change change)
    {
        if (change.Key.Type == ResourceType.PersistentVolumeClaim)
            return change.IsDeletion ? Volume(change.After.Read()) : [change.Key];
        if (change.Key.Type == ResourceType.PersistentVolume)
            return [change.Key];
        return change.Key.Type == ResourceType.Pod ? Claims(change.After.Read()).Select(name => new ObjectKey(ResourceType.PersistentVolumeClaim, change.Key.Namespace, name)) : [];
    }

    public static IEnumerable<string> Claims(JsonObject pod) =>
        pod.Each("spec", "volumes").Select(volume => volume.Text("persistentVolumeClaim", "claimName")).OfType<string>();

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Read(key) is not { } content)
            return null;
        if (key.Type == ResourceType.PersistentVolume)
            Release(key, content);
        else if (content.At("metadata", "deletionTimestamp") is not null)
        {
            if (!cluster.Store.List(ResourceType.Pod, key.Namespace).Any(pod => pod.Fields["status.phase"] is not ("Succeeded" or "Failed") && Claims(pod.Read()).Contains(key.Name)))
                cluster.Update(key, one => Finalizers.Remove(one, Finalizers.ClaimInUse));
        }
        else if (content.Text("spec", "volumeName") is null)
            Provision(key, content);
        else
            Resize(key, content);
        return null;
    }

    /// <summary>The folder behind a claim; null while it has none.</summary>
    public static string? FolderOf(ObjectStore store, string @namespace, string claim) =>
        store.Find(ResourceType.PersistentVolumeClaim, @namespace, claim)?.Read().Text("spec", "volumeName") is { } volume
            ? store.Find(ResourceType.PersistentVolume, "", volume)?.Read().Text("spec", "hostPath", "path")
            : null;

    private void Provision(ObjectKey key, JsonObject claim)
    {
        var storage = cluster.Read(new(ResourceType.StorageClass, "", claim.Text("spec", "storageClassName") ?? ""));
        if (storage is null || storage.Text("provisioner") != Provisioner)
            return;
        if (storage.Text("volumeBindingMode") == "WaitForFirstConsumer" && claim.Text("metadata", "annotations", SelectedNode) is null)
        {
            cluster.Tell(claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding", "persistentvolume-controller");
            return;
        }

        var uid = claim.Text("metadata", "uid")!;
        var (name, path) = ($"pvc-{uid}", Path.Combine(folder.FullName, $"{key.Namespace}_{key.Name}_{uid}"));
        Directory.CreateDirectory(path);
        var size = claim.Text("spec", "resources", "requests", "storage");
        cluster.Create(new(ResourceType.PersistentVolume, "", name), new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = Provisioner } },
            ["spec"] = new JsonObject
            {
                ["capacity"] = new JsonObject { ["storage"] = size },
                ["accessModes"] = claim.At("spec", "accessModes")!.DeepClone(),
                ["persistentVolumeReclaimPolicy"] = storage.Text("reclaimPolicy"),
                ["storageClassName"] = claim.Text("spec", "storageClassName"),
                ["volumeMode"] = claim.Text("spec", "volumeMode"),
                ["hostPath"] = new JsonObject { ["path"] = path, ["type"] = "DirectoryOrCreate" },
                ["claimRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["namespace"] = key.Namespace, ["name"] = key.Name, ["uid"] = uid },
            },
        });
        cluster.UpdateStatus(new(ResourceType.PersistentVolume, "", name), status => status["phase"] = "Bound");
        cluster.Assign(key, one =>
        {
            one["spec"]!["volumeName"] = name;
            var annotations = one["metadata"]!.AsObject().Child("annotations");
            annotations["pv.kubernetes.io/bind-completed"] = "yes";
            annotations["pv.kubernetes.io/bound-by-controller"] = "yes";
        });
        cluster.UpdateStatus(key, status =>
        {
            status["phase"] = "Bound";
            status["accessModes"] = claim.At("spec", "accessModes")!.DeepClone();
            status["capacity"] = new JsonObject { ["storage"] = size };
        });
        cluster.Tell(claim, "Normal", "ProvisioningSucceeded", $"Successfully provisioned volume {name}", Provisioner);
    }

    private void Resize(ObjectKey key, JsonObject claim)
    {
        var wanted = claim.Text("spec", "resources", "requests", "storage");
        if (Quantity.Of(wanted) > Quantity.Of(claim.Text("status", "capacity", "storage")) && claim.Text("status", "phase") == "Bound")
            cluster.UpdateStatus(key, status => status.Child("capacity")["storage"] = wanted);
    }

    private void Release(ObjectKey key, JsonObject volume)
    {
        var claim = volume.At("spec", "claimRef");
        if (cluster.Store.Find(ResourceType.PersistentVolumeClaim, claim.Text("namespace") ?? "", claim.Text("name") ?? "")?.Uid == claim.Text("uid"))
            return;
        if (volume.Text("spec", "persistentVolumeReclaimPolicy") != "Delete")
        {
            cluster.UpdateStatus(key, status => status["phase"] = "Released");
            return;
        }

        cluster.Delete(key);
        if (volume.Text("spec", "hostPath", "path") is { } path && path.StartsWith(folder.FullName, StringComparison.Ordinal) && Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private static IEnumerable<ObjectKey> Volume(JsonObject claim) =>
        claim.Text("spec", "volumeName") is { } volume ? [new(ResourceType.PersistentVolume, "", volume)] : [];
}
