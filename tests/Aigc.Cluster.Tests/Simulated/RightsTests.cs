using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.AppHost.Deployment;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests.Simulated;

/// <summary>The published Role is what the worker needs: nothing is missing, and nothing is there that it never asks for.</summary>
public sealed class RightsTests : SimulatedTest
{
    [Fact]
    public async Task All_that_the_worker_does_in_the_lives_of_engines_takes_exactly_its_Role()
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("kept"));
        await Worker.WakeAsync(engine);
        await Worker.EndAsync();
        await Worker.BeginAsync();
        await Worker.SleepAsync(engine);
        await Worker.WakeAsync(engine);
        await Worker.DeleteAsync(engine, keepDisk: true);
        var crashes = await Worker.EngineAsync(TestTemplates.Of("crashes", "python:3-alpine", [], "echo broken; exit 3"));
        (await Worker.WakeAsync(crashes, EngineState.Failed)).Reason.Detail.ShouldBe("3\nbroken\n");
        await StuckAsync();
        await UnmountedAsync();
        await StrayAsync();
        await SparedAsync();
        await Worker.DeleteAsync(crashes, keepDisk: false);

        var used = Sim.Users.Seen.Keys.Where(seen => seen.User.EndsWith($":{Worker.Account}", StringComparison.Ordinal)).ToList();
        used.ShouldAllBe(seen => seen.Namespace == Cluster.Namespace);
        used.Select(seen => $"{seen.Verb} {seen.Resource} of '{seen.ApiGroup}'").Order().ShouldBe(Role().Order());
        Sim.Users.Refused.ShouldBeEmpty();
    }

    /// <summary>A pod that does not end is hurried.</summary>
    private async Task StuckAsync()
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("stuck").With(pod => TestTemplates.Annotations(pod)["fake-kubelet/behaviour"] = "stuck-terminating"));
        await Worker.WakeAsync(engine);
        await Worker.AskSleepAsync(engine);
        await Worker.ReachesAsync(engine, EngineState.Stopping);
        await PassAsync(TimeSpan.FromSeconds(10));
        var pod = (await Cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldHaveSingleItem().At("metadata");
        await Cluster.Client.DeleteAsync(ResourceKind.Pod, pod.Text("name")!, pod.Text("uid")!, TimeSpan.Zero, None);
        await Worker.ReachesAsync(engine, EngineState.Asleep);
    }

    /// <summary>What no row owns is ended.</summary>
    private async Task StrayAsync()
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("stray"));
        await Worker.WakeAsync(engine);
        await Worker.LoseRowAsync(engine);
        await PassUntilAsync("nothing of it runs", async () => (await Cluster.ObjectsAsync(ResourceKind.Pod, engine)).Count == 0);
    }

    /// <summary>A pod that was started ahead is given to who comes.</summary>
    private async Task SparedAsync()
    {
        var template = TestTemplates.Spared(1);
        await Worker.MakePopularAsync(template);
        await PassUntilAsync("a spare is ready", async () => (await Worker.Engines.ListAsync(Engine.Nobody, None)).Any(spare => spare.State == EngineState.Ready));
        var engine = await Worker.EngineAsync(template);
        await Worker.WakeAsync(engine);
        (await Worker.Events.ReadAsync(engine, 0, 50, None)).ShouldContain(entry => entry.Reason.Code == Reasons.SpareTaken);
        await Worker.OfferAsync(template with { Spares = 0, Version = "2" });
        await PassUntilAsync("the spares are gone", async () => (await Worker.Engines.ListAsync(Engine.Nobody, None)).Count == 0);
    }

    /// <summary>What holds a pod up on its machine, only events tell.</summary>
    private async Task UnmountedAsync()
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("unmounted").With(pod => pod["spec"]!["volumes"] =
            JsonNode.Parse("""[{ "name": "models", "secret": { "secretName": "none-such" } }]""")));
        await Worker.WakeAsync(engine, EngineState.Starting);
        await PassAsync(TimeSpan.FromSeconds(15));
        (await Worker.ReachesAsync(engine, EngineState.Starting, Reasons.DiskPending)).Reason.Detail!.ShouldContain("none-such");
        await Worker.SleepAsync(engine);
    }

    private static IEnumerable<string> Role() => JsonSerializer.SerializeToNode(WorkerRights.Rules)!.AsArray().SelectMany(rule =>
        from verb in rule!["verbs"]!.AsArray()
        from resource in rule["resources"]!.AsArray()
        select $"{verb} {resource} of '{rule["apiGroups"]![0]}'");
}
