using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests.Simulated;

/// <summary>A cluster that says no: in its own words, once, and with a way out.</summary>
public sealed class RefusalTests : SimulatedTest
{
    [Theory]
    [InlineData("deployments")]
    [InlineData("pods")]
    [InlineData("persistentvolumeclaims")]
    public async Task What_an_admission_webhook_says_is_told(string resource)
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("denied"));
        Sim.Faults.Deny(resource, "no images from python");
        var failed = await Worker.WakeAsync(engine, EngineState.Failed);
        failed.Reason.Code.ShouldBe(Reasons.ClusterRefused);
        failed.Reason.Detail!.ShouldContain("admission webhook \"rules.example.com\" denied the request: no images from python");
        await ShouldBeQuietAsync();

        Sim.Faults.Admit(resource);
        await Worker.WakeAsync(engine);
    }

    [Fact]
    public async Task When_its_namespace_is_deleted_an_engine_fails_with_the_clusters_words_and_wakes_once_there_is_one_again()
    {
        // An account from elsewhere: the worker's own would go with the namespace, and its rights with it.
        await OtherAccountAsync();
        var engine = await Worker.EngineAsync(TestTemplates.Files("lost"));
        await Worker.WakeAsync(engine);
        await Cluster.SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{Cluster.Namespace}", null);

        var failed = await PassUntilAsync(engine, EngineState.Failed);
        failed.Reason.Code.ShouldBe(Reasons.ClusterRefused);
        failed.Reason.Detail!.ShouldMatch($"being deleted|being terminated|{Cluster.Namespace}");
        await PassUntilAsync("nothing of it runs", async () => (await NowAsync(engine)).RuntimeUid is null);
        (await Worker.Usage.ListAsync(engine, None)).ShouldAllBe(interval => interval.EndedAt != null);
        await ShouldBeQuietAsync();

        await Worker.AskWakeAsync(engine);
        await PassUntilAsync("it was tried again", async () => await NowAsync(engine) is var now && now.ObservedGeneration == now.Generation);
        (await PassUntilAsync(engine, EngineState.Failed)).Reason.Detail!.ShouldContain($"namespaces \"{Cluster.Namespace}\" not found");
        await Cluster.SendAsync(HttpMethod.Post, "api/v1/namespaces", new() { ["metadata"] = new JsonObject { ["name"] = Cluster.Namespace } });
        await Worker.WakeAsync(engine);
    }

    [Fact]
    public async Task When_the_workers_rights_go_with_the_namespace_engines_say_so_and_start_once_there_are_both_again()
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("rightless"));
        await Worker.WakeAsync(engine);
        await Cluster.SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{Cluster.Namespace}", null);
        var failed = await PassUntilAsync(engine, EngineState.Failed);
        failed.Reason.Code.ShouldBeOneOf(Reasons.ClusterForbids, Reasons.ClusterRefused);
        await ShouldBeQuietAsync();

        await OtherAccountAsync();
        await Worker.AskWakeAsync(engine);
        (await PassUntilAsync(engine, EngineState.Queued, Reasons.ClusterRefused)).Reason.Detail!.ShouldContain($"namespaces \"{Cluster.Namespace}\" not found");
        await Cluster.SendAsync(HttpMethod.Post, "api/v1/namespaces", new() { ["metadata"] = new JsonObject { ["name"] = Cluster.Namespace } });
        await PassUntilAsync(engine, EngineState.Ready);
    }

    [Fact]
    public async Task A_token_that_has_expired_stops_no_engine_and_is_told_to_whoever_wakes_one()
    {
        var awake = await Worker.EngineAsync(TestTemplates.Files("awake"));
        var asleep = await Worker.EngineAsync(TestTemplates.Files("asleep"));
        var before = await Worker.WakeAsync(awake);
        Sim.Users.Remove(await KubeConfig.Read(Worker.Kubeconfig, null, TimeProvider.System).Token!.GetAsync(None));
        var failed = await Worker.WakeAsync(asleep, EngineState.Failed);
        failed.Reason.Code.ShouldBe(Reasons.ClusterForbids);
        failed.Reason.Detail!.ShouldContain("does not accept the gateway's credentials");
        await PassAsync(TimeSpan.FromMinutes(2));
        (await NowAsync(awake)).ShouldSatisfyAllConditions(now => now.State.ShouldBe(EngineState.Ready), now => now.RuntimeUid.ShouldBe(before.RuntimeUid));

        await OtherAccountAsync();
        await Worker.WakeAsync(asleep);
        (await NowAsync(awake)).RuntimeUid.ShouldBe(before.RuntimeUid);
    }

    /// <summary>Anything but asking once in a while is a loop.</summary>
    private async Task ShouldBeQuietAsync()
    {
        await PassAsync(TimeSpan.FromSeconds(10));
        var before = Sim.Requests;
        await PassAsync(TimeSpan.FromMinutes(1));
        (Sim.Requests - before).ShouldBeLessThanOrEqualTo(60);
    }

    /// <summary>Another worker takes over, by an account that needs no Role.</summary>
    private async Task OtherAccountAsync()
    {
        await Worker.EndAsync();
        await File.WriteAllTextAsync(Worker.Kubeconfig, Cluster.KubeconfigWith(Sim.AdminToken));
        await Worker.BeginAsync();
    }
}
