using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests.Simulated;

/// <summary>Somebody, or another controller, changes an engine's objects again and again: it is made good, and nobody races.</summary>
public sealed class HandTests : SimulatedTest
{
    [Theory]
    [InlineData("networkpolicies")]
    [InlineData("services")]
    public async Task What_belongs_to_an_engine_that_runs_is_made_good_without_a_race(string plural)
    {
        var kind = EngineObjects.Parts.Single(part => part.Plural == plural);
        var engine = await Worker.EngineAsync(TestTemplates.Files("edited"));
        var before = await Worker.WakeAsync(engine);
        var made = await SpecAsync(kind, engine);

        var item = await Cluster.Client.FindAsync(kind, Marks.NameOf(engine), None);
        await Cluster.Client.DeleteAsync(kind, Marks.NameOf(engine), item.At("metadata").Text("uid")!, null, None);
        await PassUntilAsync("what was deleted is there again", async () => await Cluster.Client.FindAsync(kind, Marks.NameOf(engine), None) is not null);
        await PassAsync(TimeSpan.FromSeconds(15));

        var (requests, edits) = (Sim.Requests, 0);
        await PassAsync(TimeSpan.FromMinutes(1), async () =>
        {
            await Cluster.Client.MergeAsync(kind, Marks.NameOf(engine), Edit(kind), None);
            edits++;
        });
        (Sim.Requests - requests - edits).ShouldBeInRange(1, 30);
        await PassUntilAsync("what was edited is as it was", async () => JsonNode.DeepEquals(await SpecAsync(kind, engine), made));
        (await NowAsync(engine)).ShouldSatisfyAllConditions(now => now.State.ShouldBe(EngineState.Ready), now => now.RuntimeUid.ShouldBe(before.RuntimeUid));

        await PassAsync(TimeSpan.FromSeconds(15));
        requests = Sim.Requests;
        await PassAsync(TimeSpan.FromMinutes(1));
        (Sim.Requests - requests).ShouldBeLessThanOrEqualTo(5, "nothing is left to do");
    }

    [Fact]
    public async Task A_deployment_that_is_scaled_down_again_and_again_comes_back_each_time_with_few_requests()
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("scaled"));
        var now = await Worker.WakeAsync(engine);
        for (var round = 0; round < 5; round++)
        {
            var (requests, before) = (Sim.Requests, now.RuntimeUid);
            await Cluster.Client.MergeAsync(ResourceKind.Deployment, Marks.NameOf(engine), new() { ["spec"] = new JsonObject { ["replicas"] = 0 } }, None);
            now = await Worker.ReachesAsync(engine, seen => seen.State == EngineState.Ready && seen.RuntimeUid != before, "ready again");
            (Sim.Requests - requests).ShouldBeLessThanOrEqualTo(20);
        }

        var intervals = await Worker.Usage.ListAsync(engine, None);
        intervals.Select(interval => interval.RuntimeUid).Distinct().Count().ShouldBe(6);
        intervals.Count(interval => interval.EndedAt is null).ShouldBe(1);
    }

    private static JsonObject Edit(ResourceKind kind) => new()
    {
        ["spec"] = kind == ResourceKind.NetworkPolicy
            ? new JsonObject { ["ingress"] = new JsonArray(new JsonObject()) }
            : new JsonObject { ["selector"] = new JsonObject { ["aigc/engine"] = "another" } },
    };

    private async Task<JsonNode?> SpecAsync(ResourceKind kind, EngineId engine)
    {
        var spec = (await Cluster.Client.FindAsync(kind, Marks.NameOf(engine), None)).At("spec")!.AsObject();
        // An address is the server's to give.
        foreach (var name in new[] { "clusterIP", "clusterIPs" })
            spec.Remove(name);
        return spec;
    }
}
