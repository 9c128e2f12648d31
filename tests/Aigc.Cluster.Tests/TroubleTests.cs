using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>What goes wrong in a cluster is told in words, and ends in a state with a way out.</summary>
[Collection(ClusterTests.Name)]
public sealed class TroubleTests(TestCluster cluster)
{
    [Fact]
    public async Task A_program_that_ends_has_failed_with_its_exit_code_and_can_be_woken_again()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Of("crashes", "python:3-alpine", ["sh", "-c", "echo broken; exit 3"], "echo broken; exit 3"));
        var failed = await worker.WakeAsync(engine, EngineState.Failed);
        failed.Reason.Code.ShouldBe(Reasons.Exited);
        failed.Reason.Detail!.Split('\n')[0].ShouldBe("3");
        failed.Reason.Detail.ShouldContain('\n');
        await worker.ReachesAsync(engine, now => now.RuntimeUid is null, "nothing is left running");
        await Eventually.TrueAsync("its pod is gone", TimeSpan.FromSeconds(20), async () => (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).Count == 0);

        // It may start and fail again faster than anybody looks; its history has it all.
        var starts = await StartsAsync();
        await worker.AskWakeAsync(engine);
        await worker.ReachesAsync(
            engine, now => now is { State: EngineState.Failed, Reason.Code: Reasons.Exited } && now.Generation > failed.Generation && now.ObservedGeneration == now.Generation, "failed again");
        (await StartsAsync()).ShouldBeGreaterThan(starts);

        async Task<int> StartsAsync() => (await worker.Events.ReadAsync(engine, 0, 100, TestCluster.None)).Count(one => one.State == EngineState.Starting);
    }

    [Fact]
    public async Task An_image_that_can_not_be_fetched_is_named_and_fails_at_the_start_timeout()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync((TestTemplates.Of("pulls", "aigc.invalid/none:1", [], "") with { StartTimeout = TimeSpan.FromSeconds(8) })
            .With(pod => TestTemplates.Annotations(pod)["fake-kubelet/behaviour"] = "pull-error"));
        var starting = await worker.WakeAsync(engine, EngineState.Starting);
        starting = await worker.ReachesAsync(engine, EngineState.Starting, Reasons.ImageMissing);
        starting.Reason.Detail.ShouldBe("aigc.invalid/none:1");
        await worker.ReachesAsync(engine, EngineState.Failed, Reasons.ImageMissing);
    }

    [Fact]
    public async Task A_pool_says_which_machines_its_engines_run_on_and_how_many_there_are()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var pool = new Pool("linux-cards", "nvidia.com/gpu", 2)
        {
            NodeSelector = new Dictionary<string, string> { ["kubernetes.io/os"] = "linux" },
            Tolerations = JsonElement.Parse("""[{"key":"cards","operator":"Exists","effect":"NoSchedule"}]"""),
        };
        await worker.Pools.SaveAsync(pool, Actor.Gateway, TestCluster.None);
        var template = TestTemplates.Files("pooled").With(pod => TestTemplates.Engine(pod)["resources"] = new JsonObject { ["limits"] = new JsonObject { ["nvidia.com/gpu"] = 2 } });
        var (first, second) = (await worker.EngineAsync(template), await worker.EngineAsync(template));
        var ready = await worker.WakeAsync(first);
        (ready.Pool, ready.MilliGpus).ShouldBe(("linux-cards", 2000));
        var spec = (await cluster.ObjectsAsync(ResourceKind.Pod, first)).ShouldHaveSingleItem()["spec"]!;
        spec["nodeSelector"]!["kubernetes.io/os"]!.GetValue<string>().ShouldBe("linux");
        spec["tolerations"]!.AsArray().ShouldContain(one => one!["key"]!.GetValue<string>() == "cards");

        await worker.AskWakeAsync(second);
        await worker.ReachesAsync(second, EngineState.Queued, Reasons.Queued);
        (await cluster.ObjectsAsync(ResourceKind.Pod, second)).ShouldBeEmpty("it waits here, and not in the cluster");
        await worker.SleepAsync(first);
        await worker.ReachesAsync(second, now => now.State == EngineState.Ready, "its turn");
    }

    [Fact]
    public async Task Without_a_free_gpu_engines_wait_in_a_queue_and_one_starts_once_one_is_free()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var all = TestTemplates.Files("gpus").With(pod => TestTemplates.Engine(pod)["resources"] = new JsonObject { ["limits"] = new JsonObject { ["nvidia.com/gpu"] = 3 } });
        var (first, second) = (await worker.EngineAsync(all), await worker.EngineAsync(all));
        await worker.WakeAsync(first);
        await worker.WakeAsync(second);
        var queue = new List<Engine>();
        for (var place = 0; place < 3; place++)
        {
            var engine = await worker.EngineAsync(all);
            await worker.WakeAsync(engine, EngineState.Queued);
            var queued = await worker.ReachesAsync(engine, EngineState.Queued, Reasons.NoRoom);
            queued.Reason.Detail.ShouldBe("not enough nvidia.com/gpu");
            (await AheadAsync(queued)).ShouldBe(place);
            (await worker.Usage.ListAsync(engine, TestCluster.None)).ShouldBeEmpty("who waits uses nothing");
            queue.Add(queued);
        }

        await worker.SleepAsync(first);
        // Nearly always the first of them; the scheduler lets those that it has tried often wait longer before it tries again.
        Engine? served = null;
        await Eventually.TrueAsync("one of them is ready", TimeSpan.FromSeconds(60), async () =>
        {
            foreach (var engine in queue)
                served ??= await worker.Engines.FindAsync(engine.Id, TestCluster.None) is { State: EngineState.Ready } ? engine : null;
            return served is not null;
        });
        foreach (var (engine, ahead) in queue.Where(engine => engine != served).Zip([0, 1]))
        {
            var now = (await worker.Engines.FindAsync(engine.Id, TestCluster.None))!;
            (await AheadAsync(now)).ShouldBe(ahead);
            now.RowVersion.ShouldBe(engine.RowVersion, "a queue of hundreds would be written anew each time it moves");
        }

        foreach (var engine in queue.AsEnumerable().Reverse())
            await worker.SleepAsync(engine.Id);

        async Task<int> AheadAsync(Engine engine) => RoomWaiter.Of(engine)!.AheadAmong(
            (await worker.Engines.ListByReasonAsync(EngineState.Queued, Reasons.NoRoom, TestCluster.None)).Select(RoomWaiter.Of).OfType<RoomWaiter>());
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_told()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Files("quota"));
        var quotas = $"api/v1/namespaces/{cluster.Namespace}/resourcequotas";
        await cluster.SendAsync(HttpMethod.Post, quotas, new()
        {
            ["metadata"] = new JsonObject { ["name"] = "none" },
            ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = "0" } },
        });
        try
        {
            await worker.WakeAsync(engine, EngineState.Queued);
            (await worker.ReachesAsync(engine, EngineState.Queued, Reasons.QuotaUsed)).Reason.Detail!.ShouldContain("limited: pods=0");
        }
        finally
        {
            await cluster.SendAsync(HttpMethod.Delete, $"{quotas}/none", null);
        }

        await worker.SleepAsync(engine);
    }

    [Fact]
    public async Task What_the_api_server_does_not_take_is_a_failure_in_its_words()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Files("invalid").With(pod => TestTemplates.Engine(pod)["name"] = "Not A Name"));
        (await worker.WakeAsync(engine, EngineState.Failed)).Reason.Detail!.ShouldContain("Not A Name");
    }

    [Theory]
    [InlineData("patch persistentvolumeclaims", "cannot patch resource \"persistentvolumeclaims\"")]
    // What an apply would have to create, the server refuses without a word.
    [InlineData("create deployments", "deployments.apps \"{name}\" is forbidden: the gateway cannot create it")]
    public async Task A_right_that_is_missing_is_named_with_verb_and_resource(string right, string words)
    {
        await using var worker = await ClusterWorker.StartAsync(cluster, without: right);
        var engine = await worker.EngineAsync(TestTemplates.Files("rights"));
        var failed = await worker.WakeAsync(engine, EngineState.Failed);
        failed.Reason.Code.ShouldBe(Reasons.ClusterForbids);
        failed.Reason.Detail!.ShouldContain(words.Replace("{name}", Marks.NameOf(engine), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_template_that_asks_for_the_machine_does_not_start_even_if_it_was_stored()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Files("privileged").With(pod => TestTemplates.Engine(pod)["securityContext"] = new JsonObject { ["privileged"] = true }));
        (await worker.WakeAsync(engine, EngineState.Failed)).Reason.Detail!.ShouldContain("securityContext.privileged");
        (await cluster.ObjectsAsync(ResourceKind.Deployment, engine)).ShouldBeEmpty();
    }
}
