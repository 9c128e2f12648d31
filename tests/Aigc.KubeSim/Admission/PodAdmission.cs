using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Admission;

/// <summary>What is added to each new pod, and what it is refused for.</summary>
internal static class PodAdmission
{
    private const int TolerateGoneNode = 300;

    public static void Admit(ObjectStore store, ObjectKey key, JsonObject pod)
    {
        var spec = pod.Child("spec");
        Account(store, key, spec);
        Tolerate(spec, "node.kubernetes.io/not-ready");
        Tolerate(spec, "node.kubernetes.io/unreachable");
        spec.Default("priority", 0);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService(spec) };
        QuotaAdmission.Check(store, key, pod);
    }

    private static void Account(ObjectStore store, ObjectKey key, JsonObject spec)
    {
        spec.Default("serviceAccountName", "default");
        var name = spec.Text("serviceAccountName")!;
        spec["serviceAccount"] = name;
        var account = store.Find(ResourceType.ServiceAccount, key.Namespace, name)?.Read() ?? throw ApiException.Forbidden(
            ResourceType.Pod, key.Name, $"error looking up service account {key.Namespace}/{name}: serviceaccount \"{name}\" not found");
        if (!(spec.Flag("automountServiceAccountToken") ?? account.Flag("automountServiceAccountToken") ?? true))
            return;
        var volume = $"{name}-token-{account.Text("metadata", "uid")![..5]}";
        spec.List("volumes").Add(new JsonObject { ["name"] = volume, ["secret"] = new JsonObject { ["secretName"] = volume, ["defaultMode"] = 420 } });
        foreach (var container in spec.Each("containers").Concat(spec.Each("initContainers")))
            container.List("volumeMounts").Add(new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = "/var/run/secrets/kubernetes.io/serviceaccount" });
    }

    private static void Tolerate(JsonObject spec, string taint)
    {
        if (spec.Each("tolerations").Any(one => (one.Text("key") == taint || one.Text("key") is null) && one.Text("effect") is null or "NoExecute"))
            return;
        spec.List("tolerations").Add(new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = TolerateGoneNode });
    }

    private static string QualityOfService(JsonObject spec)
    {
        var resources = spec.Each("containers").Concat(spec.Each("initContainers")).Select(container => container["resources"]).ToList();
        string[] counted = ["cpu", "memory"];
        if (resources.All(one => counted.All(name => one.Text("requests", name) is null && one.Text("limits", name) is null)))
            return "BestEffort";
        return resources.All(one => counted.All(name => one.Text("limits", name) is { } limit && one.Text("requests", name) == limit)) ? "Guaranteed" : "Burstable";
    }
}
