using System.Text.Json.Nodes;
using Aigc.KubeSim.Tests.Running;
using Aigc.Testing;
using Aigc.Worker.Kubernetes.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.KubeSim.Tests.Simulated;

/// <summary>Nodes that are lost and come back, in less than the five minutes that it takes.</summary>
public sealed class NodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private SimulatedCluster _sim = null!;
    private KubernetesClient _client = null!;

    public async Task InitializeAsync()
    {
        var gpus = new Dictionary<string, string> { ["nvidia.com/gpu"] = "1" };
        _sim = await SimulatedCluster.StartAsync(new() { Nodes = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["node-1"] = gpus, ["node-2"] = gpus } });
        _client = new(
            KubeConfig.Read(_sim.WriteKubeConfig("default"), null, TimeProvider.System), "aigc", new RequestBudget(100, 100, TimeProvider.System), TimeProvider.System, NullLogger<KubernetesClient>.Instance);
        await Eventually.TrueAsync("there is an account for pods", Within, async () => await _client.FindAsync(ResourceKind.ServiceAccount, "default", CancellationToken.None) is not null);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sim.DisposeAsync();
    }

    [Fact]
    public async Task A_lost_node_keeps_its_process_and_its_disk_until_it_returns()
    {
        await _client.CreateAsync(ResourceKind.PersistentVolumeClaim, Parse(Manifests.Claim("disk")), CancellationToken.None);
        await _client.CreateAsync(ResourceKind.Deployment, Parse(Manifests.Deployment("engine", Manifests.Engine, claim: "disk")), CancellationToken.None);
        var first = (await PodsAsync("it is ready", pods => pods is [var pod] && IsReady(pod)))[0];
        var node = (string)first["spec"]!["nodeName"]!;
        using var http = new HttpClient();

        _sim.Nodes.Lose(node);
        _sim.Clock.Advance(TimeSpan.FromSeconds(45));
        await PodsAsync("it is not called ready any more", pods => pods is [var pod] && !IsReady(pod));
        _sim.Clock.Advance(TimeSpan.FromSeconds(301));

        var two = await PodsAsync("a successor waits for the disk", pods => pods.Count == 2 && pods.Any(pod => Waiting(pod) == "ContainerCreating"));
        two.Single(pod => Name(pod) == Name(first))["metadata"]!["deletionTimestamp"].ShouldNotBeNull();
        (await http.GetAsync(Manifests.Address(first))).IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.TrueAsync("the cluster says why", Within, async () => (await _client.ListAsync(ResourceKind.Event, null, CancellationToken.None)).Items
            .Any(one => (string?)one["reason"] == "FailedAttachVolume" && ((string?)one["message"])!.StartsWith("Multi-Attach error for volume", StringComparison.Ordinal)));

        _sim.Nodes.Return(node);
        var second = (await PodsAsync("the successor has it all", pods => pods is [var pod] && IsReady(pod) && Name(pod) != Name(first)))[0];
        ((string?)second["spec"]!["nodeName"]).ShouldNotBe(node);
        (await http.GetAsync(Manifests.Address(second))).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_that_returns_in_time_says_that_its_pod_is_ready_as_before()
    {
        await _client.CreateAsync(ResourceKind.Deployment, Parse(Manifests.Deployment("engine", Manifests.Engine)), CancellationToken.None);
        var first = (await PodsAsync("it is ready", pods => pods is [var pod] && IsReady(pod)))[0];
        var node = (string)first["spec"]!["nodeName"]!;
        _sim.Nodes.Lose(node);
        _sim.Clock.Advance(TimeSpan.FromSeconds(45));
        var lost = (await PodsAsync("it is not called ready any more", pods => pods is [var pod] && !IsReady(pod)))[0];
        Conditions(lost)["ContainersReady"].ShouldBe("True", "all else stays as the kubelet said it last");
        _sim.Nodes.Return(node);
        var back = (await PodsAsync("it is called ready again", pods => pods is [var pod] && IsReady(pod)))[0];
        Name(back).ShouldBe(Name(first));
    }

    [Fact]
    public async Task A_node_that_is_taken_away_gives_its_pods_up_at_once()
    {
        await _client.CreateAsync(ResourceKind.Deployment, Parse(Manifests.Deployment("engine", gpus: 1)), CancellationToken.None);
        var first = (await PodsAsync("it is ready", pods => pods is [var pod] && IsReady(pod)))[0];
        _sim.Nodes.Remove((string)first["spec"]!["nodeName"]!);
        var second = (await PodsAsync("another takes its place", pods => pods is [var pod] && IsReady(pod) && Name(pod) != Name(first)))[0];
        ((string?)second["spec"]!["nodeName"]).ShouldNotBe((string?)first["spec"]!["nodeName"]);
    }

    [Fact]
    public async Task A_gpu_is_free_only_when_its_pod_is_gone()
    {
        foreach (var name in new[] { "one", "two", "three" })
            await _client.CreateAsync(ResourceKind.Deployment, Parse(Manifests.Deployment(name, gpus: 1)), CancellationToken.None);
        var pods = await PodsAsync("two run and one waits", all => all.Count(IsReady) == 2 && all.Any(pod => Refusal(pod) is not null));
        var waiting = pods.Single(pod => !IsReady(pod));
        Refusal(waiting).ShouldBe("0/2 nodes are available: 2 Insufficient nvidia.com/gpu.");

        var app = (string)pods.First(IsReady)["metadata"]!["labels"]!["app"]!;
        var deployment = (await _client.FindAsync(ResourceKind.Deployment, app, CancellationToken.None))!;
        await _client.ScaleAsync(ResourceKind.Deployment, app, 0, (string)deployment["metadata"]!["resourceVersion"]!, CancellationToken.None);
        await PodsAsync("the third runs", all => all.Count == 2 && all.All(IsReady));
    }

    [Fact]
    public async Task Logs_are_of_each_run()
    {
        await _client.CreateAsync(ResourceKind.Deployment, Parse(Manifests.Deployment("engine", "echo $GREETING; sleep 0.3; exit 3")), CancellationToken.None);
        var pod = (await PodsAsync("it has crashed", pods => pods is [var one] && Waiting(one) == "CrashLoopBackOff"))[0];
        (await _client.ReadLogAsync(Name(pod), "main", 10, previous: false, CancellationToken.None)).ShouldBe("hello\n");
        ((int?)pod["status"]!["containerStatuses"]![0]!["lastState"]!["terminated"]!["exitCode"]).ShouldBe(3);
        var wrong = await Should.ThrowAsync<KubernetesException>(() => _client.ReadLogAsync(Name(pod), "other", 10, previous: false, CancellationToken.None));
        wrong.Message.ShouldStartWith($"container other is not valid for pod {Name(pod)}");
        _sim.Clock.Advance(TimeSpan.FromSeconds(10));
        await PodsAsync("it runs again", pods => pods is [var one] && (int?)one["status"]!["containerStatuses"]![0]!["restartCount"] == 1);
    }

    private async Task<List<JsonObject>> PodsAsync(string what, Func<List<JsonObject>, bool> holds)
    {
        List<JsonObject> pods = [];
        await Eventually.TrueAsync(what, Within, async () => holds(pods = [.. (await _client.ListAsync(ResourceKind.Pod, null, CancellationToken.None)).Items]),
            () => string.Join('\n', pods.Select(pod => pod.ToJsonString())));
        return pods;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static string Name(JsonObject pod) => (string)pod["metadata"]!["name"]!;

    private static string? Refusal(JsonObject pod) =>
        (string?)pod["status"]!["conditions"]?.AsArray().FirstOrDefault(one => (string?)one!["reason"] == "Unschedulable")?["message"];

    private static string? Waiting(JsonObject pod) => (string?)pod["status"]!["containerStatuses"]?[0]!["state"]!["waiting"]?["reason"];

    private static bool IsReady(JsonObject pod) => Conditions(pod).GetValueOrDefault("Ready") == "True";

    private static Dictionary<string, string> Conditions(JsonObject pod) =>
        pod["status"]!["conditions"]?.AsArray().ToDictionary(one => (string)one!["type"]!, one => (string)one!["status"]!) ?? [];
}
