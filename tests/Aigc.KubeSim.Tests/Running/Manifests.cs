using System.Text.Json.Nodes;

namespace Aigc.KubeSim.Tests.Running;

/// <summary>Objects that the tests begin with.</summary>
internal static class Manifests
{
    /// <summary>Answers with its disk's content, and notes each start on it.</summary>
    public const string Server = "echo started >> $VOLUME_DISK/starts; cd $VOLUME_DISK && exec python3 -u -m http.server 8000 --bind $POD_IP";

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
