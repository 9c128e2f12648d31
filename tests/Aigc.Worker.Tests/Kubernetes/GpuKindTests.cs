using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Tests.Kubernetes;

/// <summary>Kinds of GPUs are the cluster's words: each way to ask for one comes through as the template has it, and the gateway adds none.</summary>
public sealed class GpuKindTests
{
    public static TheoryData<string> Examples => [.. GuideExamples.Of("templates.md", "GPUs", "yaml")];

    [Theory]
    [MemberData(nameof(Examples))]
    public void What_the_guide_shows_reaches_the_cluster_unchanged(string example)
    {
        var file = TemplateReader.Read("guide.yaml", $"name: gpu\ntitle: GPU\ndescription: GPU\nversion: \"1\"\n{example}");
        file.Errors.ShouldBeEmpty();
        var kubernetes = file.Template!.Kubernetes!;
        var request = new StartRequest(EngineId.New(), 1, file.Template, new("alice"), "Alice", "gpu-alice", new("studio"));
        var pod = EngineObjects.Deployment(request, kubernetes, null, "run", DateTimeOffset.UnixEpoch, new(1), null)["spec"]!["template"]!;

        var (asked, got) = (Leaves(JsonObject.Create(kubernetes.Pod)!), Leaves(pod));
        asked.Keys.ShouldContain(path => path.Contains("limits", StringComparison.Ordinal) && path.Contains(".com/", StringComparison.Ordinal));
        foreach (var (path, value) in asked)
            got.GetValueOrDefault(path).ShouldBe(value, path);
        got.Keys.Except(asked.Keys).ShouldAllBe(path => !path.Contains("resources", StringComparison.Ordinal) && !path.Contains("tolerations", StringComparison.Ordinal)
            && !path.Contains("nodeSelector", StringComparison.Ordinal) && !path.Contains("runtimeClass", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pools_machines_are_asked_for_besides_what_the_template_asks()
    {
        var file = TemplateReader.Read("pooled.yaml", """
            name: gpu
            title: GPU
            description: GPU
            version: "1"
            kubernetes:
              port: 80
              pod:
                spec:
                  nodeSelector: { disk: fast }
                  tolerations: [{ key: gpu, operator: Exists }]
                  containers: [{ name: engine, image: engine, resources: { limits: { nvidia.com/gpu: 1 } } }]
            """);
        file.Errors.ShouldBeEmpty();
        var pool = new Pool("a100", "nvidia.com/gpu", 8)
        {
            NodeSelector = new Dictionary<string, string> { ["gpu"] = "a100" },
            Tolerations = JsonElement.Parse("""[{"key":"gpu","operator":"Exists"},{"key":"spot","operator":"Exists","effect":"NoSchedule"}]"""),
        };
        var request = new StartRequest(EngineId.New(), 1, file.Template!, new("alice"), "Alice", "gpu-alice", new("studio"), pool);
        var pod = EngineObjects.Deployment(request, file.Template!.Kubernetes!, null, "run", DateTimeOffset.UnixEpoch, new(1), null)["spec"]!["template"]!["spec"]!;
        pod["nodeSelector"]!.ToJsonString().ShouldBe("""{"disk":"fast","gpu":"a100"}""");
        pod["tolerations"]!.AsArray().Select(one => one!["key"]!.GetValue<string>()).ShouldBe(["gpu", "spot"], "none twice");
    }

    [Fact]
    public void The_guide_has_each_kind()
    {
        var all = string.Concat(GuideExamples.Of("templates.md", "GPUs", "yaml"));
        foreach (var kind in (string[])["nvidia.com/gpu:", "aliyun.com/gpu-mem:", "nvidia.com/mig-", "nvidia.com/gpu.shared:", "alibabacloud.com/eci:"])
            all.ShouldContain(kind);
    }

    /// <summary>Each value by its path; amounts as texts, which is how the cluster takes them.</summary>
    private static Dictionary<string, string> Leaves(JsonNode node)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(node, "");
        return leaves;

        void Add(JsonNode? at, string path)
        {
            if (at is JsonObject map)
            {
                foreach (var (name, value) in map)
                    Add(value, $"{path}/{name}");
            }
            else if (at is JsonArray list)
            {
                foreach (var (index, value) in list.Index())
                    Add(value, $"{path}[{index}]");
            }
            else
                leaves[path] = $"{at}";
        }
    }
}
