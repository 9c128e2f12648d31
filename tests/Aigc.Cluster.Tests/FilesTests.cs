using System.Net;
using System.Text.Json.Nodes;
using Aigc.Disks;
using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>The files of engines in the cluster, as their owners see them, and nobody else.</summary>
[Collection(ClusterTests.Name)]
public sealed class FilesTests
{
    private static readonly Dictionary<string, string> Shown = new() { ["Kubernetes__Files__Image"] = "aigc-disk:test" };

    [Fact]
    public async Task Files_are_their_owners_while_the_engine_is_awake_and_a_key_opens_one_disk_alone()
    {
        await using var stage = await ClusterProduct.StartAsync(Shown);
        using var alice = await stage.Product.Person("alice").SignInAsync();
        using var bob = await stage.Product.Person("bob").SignInAsync();
        var (hers, his) = (await alice.TakeAsync(ClusterProduct.Template), await bob.TakeAsync(ClusterProduct.Template));
        await RefusedAsync(alice, HttpMethod.Get, hers, "files", HttpStatusCode.Conflict, "engine-asleep");

        foreach (var engine in new[] { hers, his })
        {
            await engine.AskAsync("wake");
            await engine.ReachesAsync("Ready", TimeSpan.FromSeconds(60));
        }

        await using var disk = await PlayedDisk.StartAsync(stage.Cluster, new EngineId(hers.Id), stage.Notes);
        await using var other = await PlayedDisk.StartAsync(stage.Cluster, new EngineId(his.Id), stage.Notes);

        // The whole way: dashboard's API, worker, container.
        (await SendAsync(alice, HttpMethod.Put, hers, "files/content?path=models/a%20b.bin", new ByteArrayContent([1, 2, 3, 4]))).ShouldBe((HttpStatusCode.NoContent, ""));
        (await File.ReadAllBytesAsync(Path.Combine(disk.Folder, "models", "a b.bin"))).ShouldBe([1, 2, 3, 4]);
        var listing = await alice.CallAsync(HttpMethod.Get, $"api/v1/engines/{hers.Id}/files?path=models");
        listing["entries"]!.AsArray().ShouldHaveSingleItem()!["name"]!.GetValue<string>().ShouldBe("a b.bin");
        using (var part = new HttpRequestMessage(HttpMethod.Get, $"api/v1/engines/{hers.Id}/files/content?path=models/a%20b.bin") { Headers = { Range = new(1, 2) } })
        using (var answer = await alice.Http.SendAsync(part))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBe([2, 3]);
        }

        (await SendAsync(alice, HttpMethod.Delete, hers, "files?path=models")).Status.ShouldBe(HttpStatusCode.NoContent);
        Directory.Exists(Path.Combine(disk.Folder, "models")).ShouldBeFalse();

        // Bob, and Bob's engine, which knows its own key and nothing more.
        (await SendAsync(bob, HttpMethod.Get, hers, "files")).Status.ShouldBe(HttpStatusCode.NotFound);
        var (herPod, hisPod) = (await PodAsync(stage, hers), await PodAsync(stage, his));
        var key = PlayedDisk.Variables(PlayedDisk.Container(hisPod))["Disk__Key"];
        hisPod.ToJsonString().Split(key).Length.ShouldBe(2, "the key is in one place: the environment of its container");
        herPod.ToJsonString().ShouldNotContain(key);
        foreach (var (wrong, status) in new[] { (key, HttpStatusCode.Unauthorized), ("", HttpStatusCode.NotFound) })
        {
            using var http = new HttpClient();
            http.DefaultRequestHeaders.TryAddWithoutValidation(FileEndpoints.KeyHeader, wrong);
            (await http.GetAsync(new Uri(disk.Address, "files"))).StatusCode.ShouldBe(status);
        }

        // What her engine may write, links that lead out of the disk among it.
        File.CreateSymbolicLink(Path.Combine(disk.Folder, "link"), "/etc");
        foreach (var path in new[] { "link/passwd", "..%2f..%2fetc%2fpasswd", "%2Fetc%2Fpasswd" })
            (await SendAsync(alice, HttpMethod.Get, hers, $"files/content?path={path}")).Status.ShouldBe(HttpStatusCode.BadRequest, path);

        // Its end is no failure of the engine's.
        await disk.KillAsync();
        await RefusedAsync(alice, HttpMethod.Get, hers, "files", HttpStatusCode.BadGateway, "disk-away");
        (await hers.StateAsync()).ShouldBe("Ready");
        var (read, log) = await SendAsync(alice, HttpMethod.Get, hers, "log");
        (read, log.Length > 0).ShouldBe((HttpStatusCode.OK, true), "the engine's own lines are still there");
    }

    [Fact]
    public async Task To_look_at_files_is_no_work_with_the_engine_and_keeps_nobody_awake()
    {
        await using var stage = await ClusterProduct.StartAsync(Shown, idleTimeout: "10s");
        using var alice = await stage.Product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync(ClusterProduct.Template);
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready", TimeSpan.FromSeconds(60));
        await using var disk = await PlayedDisk.StartAsync(stage.Cluster, new EngineId(engine.Id), stage.Notes);
        var seen = 0;
        await Eventually.TrueAsync("it falls asleep", TimeSpan.FromSeconds(90), async () =>
        {
            seen += (await SendAsync(alice, HttpMethod.Get, engine, "files")).Status == HttpStatusCode.OK ? 1 : 0;
            return await engine.StateAsync() == "Asleep";
        });
        seen.ShouldBeGreaterThan(10);
        // As it does with its pod.
        await disk.KillAsync();
        await Eventually.TrueAsync("its sleep is noticed", TimeSpan.FromSeconds(10), async () =>
            (await SendAsync(alice, HttpMethod.Get, engine, "files")).Status == HttpStatusCode.Conflict);
        await RefusedAsync(alice, HttpMethod.Get, engine, "files", HttpStatusCode.Conflict, "engine-asleep");
    }

    private static async Task<JsonObject> PodAsync(ClusterProduct stage, TakenEngine engine) =>
        (await stage.Cluster.ObjectsAsync(ResourceKind.Pod, new(engine.Id))).ShouldHaveSingleItem();

    private static async Task RefusedAsync(Person person, HttpMethod method, TakenEngine engine, string what, HttpStatusCode status, string type)
    {
        var (got, body) = await SendAsync(person, method, engine, what);
        got.ShouldBe(status, body);
        body.ShouldContain($"urn:aigc:problem:{type}");
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(Person person, HttpMethod method, TakenEngine engine, string what, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, $"api/v1/engines/{engine.Id}/{what}") { Content = content };
        request.Headers.Add("X-XSRF-TOKEN", person.Antiforgery);
        using var answer = await person.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
