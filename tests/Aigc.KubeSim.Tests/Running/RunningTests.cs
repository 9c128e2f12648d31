using System.Text.Json.Nodes;

namespace Aigc.KubeSim.Tests.Running;

/// <summary>What controllers, scheduler and kubelet do, the same on both clusters.</summary>
public sealed class RunningTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/{ns}/deployments";
    private const string Pods = "/api/v1/namespaces/{ns}/pods";
    private const string Claims = "/api/v1/namespaces/{ns}/persistentvolumeclaims";

    public static TheoryData<string> Clusters => ClusterUnderTest.All;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_pod_is_a_real_process_and_its_disk_outlives_it(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, Claims, Manifests.Claim("disk", "standard-wait"));
        await Created(cluster, Deployments, Manifests.Deployment("engine", command: Manifests.Engine, claim: "disk"));

        var pod = await PodAsync(cluster, IsReady);
        (await StartsAsync(cluster, "disk")).ShouldBe(1);
        ((string?)pod["spec"]!["nodeName"]).ShouldNotBeNull();
        (await cluster.UntilAsync($"{Deployments}/engine", one => (int?)one["status"]!["availableReplicas"] == 1)).ShouldNotBeNull();

        await ScaleAsync(cluster, 0);
        await cluster.UntilAsync(Pods, list => list["items"]!.AsArray().Count == 0);
        using (var client = new HttpClient())
            await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(Manifests.Address(pod)));

        await ScaleAsync(cluster, 1);
        await PodAsync(cluster, IsReady);
        (await StartsAsync(cluster, "disk")).ShouldBe(2);
        (await cluster.SendAsync("DELETE", $"{Deployments}/engine", """{"propagationPolicy":"Background"}""")).Status.ShouldBe(200);
        await cluster.UntilAsync(Pods, list => list["items"]!.AsArray().Count == 0);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_claim_in_use_waits_for_its_pod(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, Claims, Manifests.Claim("disk"));
        await Created(cluster, Deployments, Manifests.Deployment("engine", claim: "disk"));
        await PodAsync(cluster, IsReady);

        var (status, claim) = await cluster.SendAsync("DELETE", $"{Claims}/disk");
        status.ShouldBe(200);
        claim!["metadata"]!["finalizers"]!.AsArray().Select(one => (string?)one).ShouldBe(["kubernetes.io/pvc-protection"]);
        (await cluster.SendAsync("GET", $"{Claims}/disk")).Body!["metadata"]!["deletionTimestamp"].ShouldNotBeNull();
        await ScaleAsync(cluster, 0);
        await cluster.UntilAsync($"{Claims}/disk", one => (string?)one["reason"] == "NotFound");
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task The_scheduler_says_why_there_is_no_node(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, Deployments, Manifests.Deployment("greedy", gpus: 5));
        await Created(cluster, Claims, Manifests.Claim("unbound", "none-such"));
        await Created(cluster, Deployments, Manifests.Deployment("unbound", claim: "unbound"));
        await Created(cluster, Deployments, Manifests.Deployment("missing", claim: "missing"));

        (await RefusalAsync(cluster, "greedy")).ShouldMatch(@"^0/(\d) nodes are available: \1 Insufficient nvidia.com/gpu\.$");
        (await RefusalAsync(cluster, "unbound")).ShouldMatch(@"^0/(\d) nodes are available: \1 pod has unbound immediate PersistentVolumeClaims\.$");
        (await RefusalAsync(cluster, "missing")).ShouldMatch("^0/(\\d) nodes are available: \\1 persistentvolumeclaim \"missing\" not found\\.$");
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_pod_that_refuses_anothers_company_waits_until_that_one_is_gone(string which)
    {
        const string refuses = """, "affinity": { "podAntiAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": [{ "labelSelector": { "matchLabels": { "app": "one" } }, "topologyKey": "kubernetes.io/os" }] } }""";
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await MakeAsync("first", "one", refuses);
        await cluster.UntilAsync($"{Pods}/first", IsReady);
        await MakeAsync("second", "one", refuses);
        await MakeAsync("third", "one", "");
        await MakeAsync("other", "two", "");
        await cluster.UntilAsync($"{Pods}/other", IsReady);
        (await WhyAsync("second")).ShouldMatch(@"^0/(\d) nodes are available: \1 node\(s\) didn't match pod affinity/anti-affinity, \1 node\(s\) didn't match pod anti-affinity rules\.$");
        (await WhyAsync("third")).ShouldMatch(@"^0/(\d) nodes are available: \1 node\(s\) didn't match pod affinity/anti-affinity, \1 node\(s\) didn't satisfy existing pods anti-affinity rules\.$");

        // While it ends it is still there.
        await cluster.SendAsync("DELETE", $"{Pods}/first");
        ((string?)Condition((await cluster.SendAsync("GET", $"{Pods}/third")).Body!, "PodScheduled")!["status"]).ShouldBe("False");
        // Then there is room for one of the two.
        await cluster.UntilAsync($"{Pods}?labelSelector=app%3Done", list => list["items"]!.AsArray() is { Count: 2 } left && left.Count(pod => IsReady(pod!)) == 1);
        (await cluster.SendAsync("GET", $"{Pods}/first")).Status.ShouldBe(404);

        Task MakeAsync(string name, string app, string affinity) => Created(cluster, Pods, $$"""
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "{{name}}", "labels": { "app": "{{app}}" }, "annotations": { "fake-kubelet/stop-delay": "1" } },
              "spec": { "automountServiceAccountToken": false, "terminationGracePeriodSeconds": 5, "containers": [{ "name": "main", "image": "engine:1" }]{{affinity}} } }
            """);

        async Task<string> WhyAsync(string name) => (string)Condition(
            await cluster.UntilAsync($"{Pods}/{name}", pod => (string?)Condition(pod, "PodScheduled")?["reason"] == "Unschedulable"), "PodScheduled")!["message"]!;
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_quota_shows_in_the_deployment(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, "/api/v1/namespaces/{ns}/resourcequotas",
            """{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"gpus"},"spec":{"hard":{"requests.nvidia.com/gpu":"1"}}}""");
        await cluster.UntilAsync("/api/v1/namespaces/{ns}/resourcequotas/gpus", quota => quota["status"]?["used"] is not null);
        await Created(cluster, Deployments, Manifests.Deployment("engine", gpus: 2));

        var deployment = await cluster.UntilAsync($"{Deployments}/engine", one => Condition(one, "ReplicaFailure") is not null);
        var failure = Condition(deployment, "ReplicaFailure")!;
        ((string?)failure["reason"]).ShouldBe("FailedCreate");
        ((string?)failure["message"]).ShouldEndWith(
            "is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=2, used: requests.nvidia.com/gpu=0, limited: requests.nvidia.com/gpu=1");
        ((string?)Condition(deployment, "Available")!["reason"]).ShouldBe("MinimumReplicasUnavailable");
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task With_Recreate_two_versions_never_run_at_once(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, Deployments, Manifests.Deployment("engine"));
        var first = await PodAsync(cluster, IsReady);
        var watched = cluster.SendAsync("GET", $"{Pods}?watch=true&timeoutSeconds=5&resourceVersion={first["metadata"]!["resourceVersion"]}");
        var patch = """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"engine:2"}]}}}}""";
        (await cluster.SendAsync("PATCH", $"{Deployments}/engine", patch, "application/strategic-merge-patch+json")).Status.ShouldBe(200);

        var second = await PodAsync(cluster, pod => IsReady(pod) && (string?)pod["spec"]!["containers"]![0]!["image"] == "engine:2");
        var events = (await watched).Body!.AsArray().Select(one => ((string?)one!["type"], (string?)one["object"]!["metadata"]!["name"])).ToList();
        var gone = events.IndexOf(("DELETED", (string?)first["metadata"]!["name"]));
        gone.ShouldBeGreaterThanOrEqualTo(0);
        events.IndexOf(("ADDED", (string?)second["metadata"]!["name"])).ShouldBeGreaterThan(gone);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task What_goes_wrong_in_a_pod_shows_in_its_status(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, Deployments, Manifests.Deployment("pull", behaviour: "pull-error", image: "no/such:1"));
        await Created(cluster, Deployments, Manifests.Deployment("crash", behaviour: "crash-loop"));
        await Created(cluster, Deployments, Manifests.Deployment("oom", behaviour: "oom"));

        await StateAsync(cluster, "pull", one => (string?)one["state"]?["waiting"]?["reason"] == "ImagePullBackOff");
        await StateAsync(cluster, "crash", one => (string?)one["state"]?["waiting"]?["reason"] == "CrashLoopBackOff" && (int?)one["lastState"]?["terminated"]?["exitCode"] == 1);
        await StateAsync(cluster, "oom", one => (string?)one["lastState"]?["terminated"]?["reason"] == "OOMKilled" && (int?)one["restartCount"] >= 1);
        var events = await cluster.UntilAsync("/api/v1/namespaces/{ns}/events?fieldSelector=reason%3DFailed", list => list["items"]!.AsArray().Count > 0);
        ((string?)events["items"]![0]!["message"])!.ShouldStartWith("Failed to pull image \"no/such:1\": ");
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_scale_up_does_not_wait_for_the_pod_that_ends(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, Deployments, Manifests.Deployment("engine", behaviour: "stuck-terminating"));
        var first = (string?)(await PodAsync(cluster, pod => IsReady(pod)))["metadata"]!["name"];
        await ScaleAsync(cluster, 0);
        await cluster.UntilAsync($"{Pods}/{first}", pod => pod["metadata"]!["deletionTimestamp"] is not null);
        await ScaleAsync(cluster, 1);

        var both = await cluster.UntilAsync(Pods, list => list["items"]!.AsArray().Count == 2);
        both["items"]!.AsArray().Count(pod => pod!["metadata"]!["deletionTimestamp"] is not null).ShouldBe(1);
        await cluster.SendAsync("DELETE", $"{Pods}/{first}", """{"gracePeriodSeconds":0}""");
        await cluster.UntilAsync($"{Pods}/{first}", pod => (string?)pod["reason"] == "NotFound");
        await cluster.SendAsync("DELETE", $"{Deployments}/engine");
        foreach (var pod in (await cluster.SendAsync("GET", Pods)).Body!["items"]!.AsArray())
            await cluster.SendAsync("DELETE", $"{Pods}/{pod!["metadata"]!["name"]}", """{"gracePeriodSeconds":0}""");
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Deleted_with_its_belongings_a_deployment_goes_last(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, Deployments, Manifests.Deployment("engine"));
        await PodAsync(cluster, IsReady);
        var (_, left) = await cluster.SendAsync("DELETE", $"{Deployments}/engine", """{"propagationPolicy":"Foreground"}""");
        left!["metadata"]!["finalizers"]!.AsArray().Select(one => (string?)one).ShouldBe(["foregroundDeletion"]);
        await cluster.UntilAsync($"{Deployments}/engine", one => (string?)one["reason"] == "NotFound");
        (await cluster.SendAsync("GET", Pods)).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_namespace_that_ends_takes_nothing_new(string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        await Created(cluster, "/api/v1/namespaces/{ns}/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","finalizers":["example.com/wait"]}}""");
        (await cluster.SendAsync("DELETE", "/api/v1/namespaces/{ns}")).Status.ShouldBe(200);

        var (status, refusal) = await cluster.SendAsync("POST", "/api/v1/namespaces/{ns}/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new"}}""");
        status.ShouldBe(403);
        ((string?)refusal!["message"]).ShouldBe($"configmaps \"new\" is forbidden: unable to create new content in namespace {cluster.Namespace} because it is being terminated");
        ((string?)refusal["details"]!["causes"]![0]!["reason"]).ShouldBe("NamespaceTerminating");
        await cluster.SendAsync("PATCH", "/api/v1/namespaces/{ns}/configmaps/held", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await cluster.UntilAsync("/api/v1/namespaces/{ns}", one => (string?)one["reason"] == "NotFound");
    }

    private static async Task Created(ClusterUnderTest cluster, string path, string body)
    {
        var (status, answer) = await cluster.SendAsync("POST", path, body);
        status.ShouldBe(201, answer?.ToJsonString());
    }

    private static Task<(int Status, JsonNode? Body)> ScaleAsync(ClusterUnderTest cluster, int replicas) =>
        cluster.SendAsync("PATCH", $"{Deployments}/engine/scale", $$"""{"spec":{"replicas":{{replicas}} } }""", "application/merge-patch+json");

    private static async Task<JsonNode> PodAsync(ClusterUnderTest cluster, Func<JsonNode, bool> holds) =>
        (await cluster.UntilAsync(Pods, list => list["items"]!.AsArray() is [{ } pod] && holds(pod)))["items"]![0]!;

    private static async Task<string> RefusalAsync(ClusterUnderTest cluster, string app)
    {
        var list = await cluster.UntilAsync($"{Pods}?labelSelector=app%3D{app}", all => all["items"]!.AsArray() is [{ } pod] && (string?)Condition(pod, "PodScheduled")?["reason"] == "Unschedulable");
        return (string)Condition(list["items"]![0]!, "PodScheduled")!["message"]!;
    }

    private static Task<JsonNode> StateAsync(ClusterUnderTest cluster, string app, Func<JsonNode, bool> holds) =>
        cluster.UntilAsync($"{Pods}?labelSelector=app%3D{app}", list => list["items"]!.AsArray() is [{ } pod] && pod["status"]?["containerStatuses"]?[0] is { } state && holds(state));

    private static JsonNode? Condition(JsonNode one, string type) =>
        one["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type);

    private static bool IsReady(JsonNode pod) => pod["metadata"]!["deletionTimestamp"] is null && (string?)Condition(pod, "Ready")?["status"] == "True";

    private static async Task<int> StartsAsync(ClusterUnderTest cluster, string claim)
    {
        var volume = (string?)(await cluster.SendAsync("GET", $"{Claims}/{claim}")).Body!["spec"]!["volumeName"];
        var folder = (string)(await cluster.SendAsync("GET", $"/api/v1/persistentvolumes/{volume}")).Body!["spec"]!["hostPath"]!["path"]!;
        return (await File.ReadAllLinesAsync(Path.Combine(folder, "starts"))).Length;
    }
}
