using System.Text.Json.Nodes;

namespace Aigc.Engines.Templates;

/// <summary>
/// Objects that bring templates' images to the machines ahead of the first visit: for each template a DaemonSet whose pods pull every image once,
/// do nothing with it, and stay, so that the machines keep it.
/// </summary>
public static class ImagePull
{
    public const string DefaultPause = "registry.k8s.io/pause:3.10";

    /// <summary>Where the template's pods can run, and what lets them pull.</summary>
    private static readonly string[] Carried = ["nodeSelector", "tolerations", "runtimeClassName", "imagePullSecrets"];

    /// <param name="pause">The image that stays: it only waits to be ended.</param>
    /// <returns>A Kubernetes <c>List</c>, for <c>kubectl apply</c> in the namespace of engines.</returns>
    public static JsonObject ListOf(IEnumerable<Template> templates, string pause) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. templates.Where(template => template.Kubernetes is not null).Select(template => DaemonSet(template, pause))]),
    };

    private static JsonObject DaemonSet(Template template, string pause)
    {
        var labels = new JsonObject { ["app.kubernetes.io/name"] = "aigc-image-pull", ["aigc/template"] = template.Name };
        return new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "DaemonSet",
            ["metadata"] = new JsonObject { ["name"] = $"aigc-image-pull-{template.Name}", ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["updateStrategy"] = new JsonObject { ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = "100%" } },
                ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() }, ["spec"] = Pod(JsonObject.Create(template.Kubernetes!.Pod)!, pause) },
            },
        };
    }

    private static JsonObject Pod(JsonObject template, string pause)
    {
        var engine = template["spec"]!.AsObject();
        var pulls = Containers(engine, "initContainers").Concat(Containers(engine, "containers"))
            .Select(container => (string)container!["image"]!)
            .Distinct(StringComparer.Ordinal)
            .Select((image, number) => Container($"pull-{number}", image, "/bin/sh", "-c", "exit 0"));
        var pod = new JsonObject
        {
            ["automountServiceAccountToken"] = false,
            ["terminationGracePeriodSeconds"] = 0,
            ["initContainers"] = new JsonArray([.. pulls]),
            ["containers"] = new JsonArray(Container("stay", pause)),
        };
        foreach (var field in Carried.Where(engine.ContainsKey))
            pod[field] = engine[field]!.DeepClone();
        // Where the pod can run; that it wants to be near or far from others is no matter here.
        if (engine["affinity"]?["nodeAffinity"] is { } nodes)
            pod["affinity"] = new JsonObject { ["nodeAffinity"] = nodes.DeepClone() };
        return pod;
    }

    private static JsonArray Containers(JsonObject pod, string kind) => pod[kind]?.AsArray() ?? [];

    private static JsonObject Container(string name, string image, params string[] command)
    {
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = image,
            ["resources"] = new JsonObject
            {
                ["requests"] = new JsonObject { ["cpu"] = "1m", ["memory"] = "8Mi" },
                ["limits"] = new JsonObject { ["memory"] = "64Mi" },
            },
            ["securityContext"] = new JsonObject { ["allowPrivilegeEscalation"] = false, ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") } },
        };
        if (command.Length > 0)
            container["command"] = new JsonArray([.. command.Select(word => (JsonNode)word)]);
        return container;
    }
}
