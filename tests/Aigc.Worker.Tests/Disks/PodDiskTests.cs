using System.Net;
using System.Text.Json.Nodes;
using Aigc.Engines.Gateway;

namespace Aigc.Worker.Tests.Disks;

/// <summary>Disks of a cluster, through the worker: as those of its own machine, while there is a pod.</summary>
public sealed class PodDiskTests : DiskContract
{
    public static TheoryData<string, string, string> Absent => new()
    {
        { "$.metadata.deletionTimestamp", "\"2026-01-01T00:01:00Z\"", "engine-asleep" },
        { "$.status.phase", "\"Failed\"", "engine-asleep" },
        { "$.status.containerStatuses[1].state", """{ "waiting": { "reason": "ImagePullBackOff" } }""", "files-not-ready" },
        { "$.status.podIP", "null", "files-not-ready" },
        { "$.spec.containers[1].name", "\"of-the-template\"", "files-need-restart" },
        { "$.spec", """{ "containers": [ { "name": "engine" } ] }""", "files-not-here" },
    };

    [Theory]
    [MemberData(nameof(Absent))]
    public async Task Why_files_are_not_seen_is_told(string path, string value, string type)
    {
        var pod = PodStage.Pod(new("http://127.0.0.1:1"));
        Set(pod, path, JsonNode.Parse(value));
        await using var stage = await PodStage.StartAsync(() => [pod.DeepClone().AsObject()]);
        await ShouldBeAsync(stage.Http.GetAsync(Folder("")), HttpStatusCode.Conflict, type);
        await ShouldBeAsync(stage.Http.PutAsync(Content("a"), new StringContent("x")), HttpStatusCode.Conflict, type);
    }

    [Fact]
    public async Task Without_a_pod_the_engine_sleeps_and_one_that_was_just_found_is_not_taken_for_awake()
    {
        await using var served = await ServedDisk.StartAsync(PodStage.Key);
        JsonObject[] pods = [PodStage.Pod(served.Address)];
        await using var stage = await PodStage.StartAsync(() => pods.Select(pod => pod.DeepClone().AsObject()));
        (await stage.Http.GetAsync(Folder(""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await served.StopAsync();
        await ShouldBeAsync(stage.Http.GetAsync(Folder("")), HttpStatusCode.BadGateway, "disk-away");
        pods = [];
        await Wait.UntilAsync(async () => (await stage.Http.GetAsync(Folder(""))).StatusCode, status => status == HttpStatusCode.Conflict, "its sleep to be noticed");
        await ShouldBeAsync(stage.Http.GetAsync(Folder("")), HttpStatusCode.Conflict, "engine-asleep");
    }

    [Fact]
    public async Task A_page_of_pictures_is_one_question_to_the_API_server()
    {
        await using var served = await ServedDisk.StartAsync(PodStage.Key);
        var asked = 0;
        await using var stage = await PodStage.StartAsync(() =>
        {
            Interlocked.Increment(ref asked);
            return [PodStage.Pod(served.Address)];
        }, new StoppedClock());
        (await stage.Http.PutAsync(Content("a.png"), new StringContent("x"))).EnsureSuccessStatusCode();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => (await stage.Http.GetStringAsync(Content("a.png"))).ShouldBe("x")));
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_setting_that_is_missing_is_named()
    {
        await using var stage = await PodStage.StartAsync(() => [], image: "");
        await ShouldBeAsync(stage.Http.GetAsync(Folder("")), HttpStatusCode.NotImplemented, "files-not-here", "Kubernetes:Files:Image");
    }

    [Fact]
    public async Task The_key_of_another_engine_opens_nothing()
    {
        await using var served = await ServedDisk.StartAsync(PodStage.Key[1..] + "0");
        await using var stage = await PodStage.StartAsync(() => [PodStage.Pod(served.Address)]);
        await ShouldBeAsync(stage.Http.GetAsync(Folder("")), HttpStatusCode.Conflict, "files-need-restart");
    }

    private protected override async Task RunAsync(Func<Stage, Task> test)
    {
        await using var served = await ServedDisk.StartAsync(PodStage.Key);
        await using var stage = await PodStage.StartAsync(() => [PodStage.Pod(served.Address)]);
        await test(new(stage.Http, GatewayOptions.KeyHeader, served.Disk));
    }

    private static async Task ShouldBeAsync(Task<HttpResponseMessage> asked, HttpStatusCode status, params string[] words)
    {
        using var answer = await asked;
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, body);
        foreach (var word in words)
            body.ShouldContain(word);
    }

    /// <summary>Changes one place, such as <c>$.status.containerStatuses[1].state</c>.</summary>
    private static void Set(JsonNode node, string path, JsonNode? value)
    {
        var names = path.Split('.')[1..];
        foreach (var name in names[..^1])
            node = name.Split('[', ']') is [var list, var index, ..] ? node[list]![int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)]! : node[name]!;
        node[names[^1]] = value;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
