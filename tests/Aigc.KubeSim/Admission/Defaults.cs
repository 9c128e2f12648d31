using System.Text;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Admission;

/// <summary>What the server fills in where the request says nothing.</summary>
internal static class Defaults
{
    public static void Fill(ResourceType type, JsonObject content)
    {
        content["apiVersion"] = type.ApiVersion;
        content["kind"] = type.Kind;
        switch (type.Kind)
        {
            case "Pod":
                content.Child("spec").Default("enableServiceLinks", true);
                PodDefaults.Fill(content.Child("spec"), isTemplate: false);
                break;
            case "Deployment":
                Deployment(content.Child("spec"));
                break;
            case "ReplicaSet":
                content.Child("spec").Default("replicas", 1);
                Template(content.Child("spec"));
                break;
            case "Service":
                Service(content.Child("spec"));
                break;
            case "PersistentVolumeClaim":
                content.Child("spec").Default("volumeMode", "Filesystem");
                content.Child("status").Default("phase", "Pending");
                break;
            case "Secret":
                content.Default("type", "Opaque");
                Strings(content);
                break;
            case "NetworkPolicy":
                NetworkPolicy(content.Child("spec"));
                break;
            case "RoleBinding":
                RoleBinding(content);
                break;
            case "Lease":
                content.Child("spec");
                break;
            case "StorageClass":
                content.Default("reclaimPolicy", "Delete");
                content.Default("volumeBindingMode", "Immediate");
                break;
        }
    }

    private static void Deployment(JsonObject spec)
    {
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
        var strategy = spec.Child("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Child("rollingUpdate").Default("maxUnavailable", "25%");
            strategy.Child("rollingUpdate").Default("maxSurge", "25%");
        }

        Template(spec);
    }

    private static void Template(JsonObject spec)
    {
        if (spec["template"] is not JsonObject template)
            return;
        // The server's own types always write this one.
        template.Child("metadata")["creationTimestamp"] = null;
        PodDefaults.Fill(template.Child("spec"), isTemplate: true);
    }

    private static void Service(JsonObject spec)
    {
        spec.Default("type", "ClusterIP");
        spec.Default("sessionAffinity", "None");
        foreach (var port in spec.Each("ports"))
        {
            port.Default("protocol", "TCP");
            if (port["port"] is { } number)
                port.Default("targetPort", number.DeepClone());
        }
    }

    private static void NetworkPolicy(JsonObject spec)
    {
        if (spec["podSelector"] is null)
            spec["podSelector"] = new JsonObject();
        if (spec["policyTypes"] is null)
            spec["policyTypes"] = spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        foreach (var port in spec.Each("ingress").Concat(spec.Each("egress")).SelectMany(rule => rule.Each("ports")))
            port.Default("protocol", "TCP");
    }

    private static void RoleBinding(JsonObject content)
    {
        content.Child("roleRef").Default("apiGroup", ResourceType.Role.Group);
        foreach (var subject in content.Each("subjects").Where(one => one.Text("kind") is "User" or "Group"))
            subject.Default("apiGroup", ResourceType.Role.Group);
    }

    private static void Strings(JsonObject secret)
    {
        foreach (var (name, text) in secret.Map("stringData"))
            secret.Child("data")[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        secret.Remove("stringData");
    }
}
