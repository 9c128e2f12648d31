using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Admission;

/// <summary>What happens to a new object before it is stored, by kind.</summary>
internal static class Admit
{
    public const string DefaultClass = "storageclass.kubernetes.io/is-default-class";

    public static void New(ObjectStore store, ObjectKey key, JsonObject content)
    {
        switch (key.Type.Kind)
        {
            case "Pod":
                PodAdmission.Admit(store, key, content);
                PodDefaults.Fill(content.Child("spec"), isTemplate: false);
                break;
            case "PersistentVolumeClaim":
                Claim(store, key, content);
                break;
            case "Service":
                Address(store, content);
                break;
            case "Namespace":
                content.Child("spec").Default("finalizers", new JsonArray("kubernetes"));
                content["status"] = new JsonObject { ["phase"] = "Active" };
                break;
        }
    }

    private static void Claim(ObjectStore store, ObjectKey key, JsonObject content)
    {
        content["status"] = new JsonObject { ["phase"] = "Pending" };
        Finalizers.Add(content, Finalizers.ClaimInUse);
        if (content.At("spec", "storageClassName") is null
            && store.List(ResourceType.StorageClass, null).FirstOrDefault(one => one.Read().Text("metadata", "annotations", DefaultClass) == "true") is { } usual)
            content.Child("spec")["storageClassName"] = usual.Key.Name;
        QuotaAdmission.Check(store, key, content);
    }

    private static void Address(ObjectStore store, JsonObject content)
    {
        content["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        var spec = content.Child("spec");
        if (spec.Text("type") == "ExternalName")
            return;
        if (spec.Text("clusterIP") is null or "")
        {
            var taken = store.List(ResourceType.Service, null).Select(one => one.Read().Text("spec", "clusterIP")).ToHashSet();
            string address;
            do
                address = $"10.96.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}";
            while (taken.Contains(address));
            spec["clusterIP"] = address;
        }

        spec["clusterIPs"] = new JsonArray(spec["clusterIP"]!.DeepClone());
    }
}
