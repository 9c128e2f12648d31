using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Engines.Templates;
using Aigc.Testing;

namespace Aigc.Cluster.Tests;

/// <summary>Engines that run with a real kubelet from their image, and with one that only plays containers as a process of this machine.</summary>
internal static class TestTemplates
{
    private const int Port = 7860;

    /// <summary>Serves the files of its disk.</summary>
    public static Template Files(string name) => Of(
        name, "python:3-alpine", ["python3", "-m", "http.server", $"{Port}", "--directory", "/data"],
        $"exec python3 -m http.server {Port} --bind $POD_IP --directory \"$VOLUME_DATA\"");

    /// <summary>Has no disk, so that it can be started before anybody comes.</summary>
    public static Template Spared(int spares)
    {
        var template = Of(
            $"spared-{Guid.NewGuid().ToString("N")[..8]}", "python:3-alpine", ["python3", "-m", "http.server", $"{Port}"],
            $"exec python3 -m http.server {Port} --bind $POD_IP --directory /etc/alternatives");
        return template with { Spares = spares, Kubernetes = template.Kubernetes! with { Volume = null } };
    }

    public static Template Demo() => Of("demo", "aigc/demo-engine", [],
        $"exec dotnet exec '{Repository.ProgramOf("Aigc.DemoEngine", "samples")}' --urls http://$POD_IP:{Port} --data \"$VOLUME_DATA\" --Demo:StartupDelay=0 --Demo:LoadingDelay=0");

    public static Template Of(string name, string image, string[] command, string played) => new()
    {
        Name = name,
        Title = new("Test"),
        Description = new("Test"),
        Version = "1",
        Readiness = new("/"),
        StartTimeout = TimeSpan.FromMinutes(1),
        StopTimeout = TimeSpan.FromSeconds(5),
        IdleTimeout = TimeSpan.FromHours(1),
        Kubernetes = new(Port, new("1Gi", null, "/data"), JsonSerializer.SerializeToElement(new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["fake-kubelet/exec"] = played } },
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "engine",
                    ["image"] = image,
                    ["command"] = new JsonArray([.. command.Select(word => (JsonNode)word)]),
                }),
            },
        })),
    };

    /// <summary>With other annotations, or fields of its first container.</summary>
    public static Template With(this Template template, Action<JsonObject> pod)
    {
        var changed = JsonObject.Create(template.Kubernetes!.Pod)!;
        pod(changed);
        return template with { Kubernetes = template.Kubernetes with { Pod = JsonSerializer.SerializeToElement(changed) } };
    }

    public static JsonObject Engine(JsonObject pod) => pod["spec"]!["containers"]![0]!.AsObject();

    public static JsonObject Annotations(JsonObject pod) => pod["metadata"]!["annotations"]!.AsObject();
}
