using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>The whole product on this machine, its engines in the cluster: an artist notices no difference.</summary>
[Collection(ClusterTests.Name)]
public sealed class ProductTests
{
    [Fact]
    public async Task An_artist_visits_works_sleeps_and_finds_everything_also_when_the_worker_is_killed()
    {
        await using var stage = await ClusterProduct.StartAsync();
        var (cluster, product) = (stage.Cluster, stage.Product);
        using var alice = await product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync(ClusterProduct.Template);
        var id = new EngineId(engine.Id);

        (await engine.NavigateAsync()).StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
        var image = await GenerateAsync(engine, seed: 7, steps: 4);
        await engine.AskAsync("sleep");
        await engine.ReachesAsync("Asleep");
        (await cluster.ObjectsAsync(ResourceKind.Pod, id)).ShouldBeEmpty("the engine gave its machine back");
        (await GenerateAsync(engine, seed: 7, steps: 4)).ShouldBe(image);

        var pod = Uid((await cluster.ObjectsAsync(ResourceKind.Pod, id)).ShouldHaveSingleItem());
        var running = GenerateAsync(engine, seed: 8, steps: 150);
        await product.KillAsync("Aigc.Worker");
        await running;
        await engine.ReachesAsync("Ready");
        Uid((await cluster.ObjectsAsync(ResourceKind.Pod, id)).ShouldHaveSingleItem()).ShouldBe(pod, "the next worker took it over");

        using var files = await alice.SendAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}/files?path=");
        files.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        (await files.Content.ReadAsStringAsync()).ShouldContain("Kubernetes:Files:Image");

        await product.StopAsync();
        await Eventually.TrueAsync("the end of the product ends its engines", TimeSpan.FromSeconds(10), async () =>
            (await cluster.ObjectsAsync(ResourceKind.Pod, id)).Count == 0);
        (await cluster.ObjectsAsync(ResourceKind.PersistentVolumeClaim, id)).ShouldHaveSingleItem();
    }

    private static string Uid(JsonObject item) => item.At("metadata").Text("uid")!;

    private static async Task<string> GenerateAsync(TakenEngine engine, long seed, int steps)
    {
        await engine.NavigateAsync();
        using var answer = await engine.VisitAsync("sdapi/v1/txt2img", HttpMethod.Post, JsonContent.Create(new { prompt = "a fox", seed, steps, width = 128, height = 128 }));
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!["images"]![0]!.GetValue<string>();
    }
}
