using System.Text.Json.Nodes;
using Aigc.Testing;

namespace Aigc.KubeSim.Tests.Running;

/// <summary>Objects that the tests begin with.</summary>
internal static class Manifests
{
    /// <summary>The demo engine; it notes each start on its disk.</summary>
    public static string Engine { get; } = $"cd $VOLUME_DISK; echo started >> starts; export Demo__StartupDelay=0:0:0 Demo__LoadingDelay=0:0:0; exec dotnet exec {Repository.ProgramOf("Aigc.DemoEngine", "samples")} --urls http://$POD_IP:8000";

    public static Uri Address(JsonNode pod) => new($"http://{(string?)pod["status"]!["podIP"]}:8000/");

    /// <param name="command">What runs as the container; null: nothing that could be asked.</param>
    public static string Deployment(string name, string? command = null, string? behaviour = null, int gpus = 0, string image = "engine:1", string? claim = null)
    {
        var deployment = JsonNode.Parse(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{},"spec":{"replicas":1,"strategy":{"type":"Recreate"},"selector":{"matchLabels":{}},
            "template":{"metadata":{"labels":{},"annotations":{}},"spec":{"automountServiceAccountToken":false,"terminationGracePeriodSeconds":5,
            "containers":[{"name":"main","env":[{"name":"GREETING","value":"hello"}],"ports":[{"name":"http","containerPort":8000}]}]}}}}
            """)!;
        var template = deployment["spec"]!["template"]!;
        var container = template["spec"]!["containers"]![0]!;
        deployment["metadata"]!["name"] = name;
        deployment["spec"]!["selector"]!["matchLabels"]!["app"] = name;
        template["metadata"]!["labels"]!["app"] = name;
        container["image"] = image;
        if (gpus > 0)
            container["resources"] = new JsonObject { ["limits"] = new JsonObject { ["nvidia.com/gpu"] = $"{gpus}" } };
        if (behaviour is not null)
            template["metadata"]!["annotations"]!["fake-kubelet/behaviour"] = behaviour;
        if (command is not null)
        {
            template["metadata"]!["annotations"]!["fake-kubelet/exec"] = command;
            container["readinessProbe"] = JsonNode.Parse("""{"httpGet":{"port":"http"}}""");
        }

        if (claim is not null)
            template["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "disk", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } });
        return deployment.ToJsonString();
    }

    public static string Claim(string name, string storageClass = "standard")
    {
        var claim = JsonNode.Parse("""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""")!;
        claim["metadata"]!["name"] = name;
        claim["spec"]!["storageClassName"] = storageClass;
        return claim.ToJsonString();
    }
}
