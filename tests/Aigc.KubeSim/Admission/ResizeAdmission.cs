using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Admission;

/// <summary>Lets a claim grow only where its class does.</summary>
internal static class ResizeAdmission
{
    public static void Check(ObjectStore store, ObjectKey key, JsonObject before, JsonObject after)
    {
        if (key.Type != ResourceType.PersistentVolumeClaim || SizeOf(after) <= SizeOf(before))
            return;
        var storage = store.Find(ResourceType.StorageClass, "", after.Text("spec", "storageClassName") ?? "")?.Read();
        if (storage?.At("allowVolumeExpansion") is not JsonValue allowed || !allowed.GetValue<bool>())
            throw ApiException.Forbidden(key.Type, key.Name, "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    private static decimal SizeOf(JsonObject claim) => Quantity.Of(claim.Text("spec", "resources", "requests", "storage"));
}
