using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>An engine's life in a cluster, from the first wake to the end of its disk.</summary>
[Collection(ClusterTests.Name)]
public sealed class LifeTests(TestCluster cluster)
{
    private static readonly HttpClient Http = new();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task It_wakes_answers_sleeps_and_finds_its_disk_again()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Demo());
        var awake = await worker.WakeAsync(engine);
        (await Http.GetStringAsync(awake.Address)).ShouldContain("<");
        var pod = (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldHaveSingleItem();
        awake.RuntimeUid.ShouldBe(pod.At("metadata").Text("uid"));
        awake.Address!.Host.ShouldBe(pod.At("status").Text("podIP"));
        using (var generated = await Http.PostAsync(new Uri(awake.Address, "sdapi/v1/txt2img"), new StringContent("""{"prompt":"a fox","steps":1,"width":64,"height":64}""", null, "application/json")))
            generated.IsSuccessStatusCode.ShouldBeTrue(await generated.Content.ReadAsStringAsync());
        var gallery = await Http.GetStringAsync(new Uri(awake.Address, "history"));

        await worker.SleepAsync(engine);
        (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldBeEmpty();
        (await cluster.ObjectsAsync(ResourceKind.PersistentVolumeClaim, engine)).ShouldHaveSingleItem();
        var interval = (await worker.Usage.ListAsync(engine, None)).ShouldHaveSingleItem();
        interval.RuntimeUid.ShouldBe(awake.RuntimeUid);
        interval.EndedAt.ShouldNotBeNull();

        var again = await worker.WakeAsync(engine);
        again.RuntimeUid.ShouldNotBe(awake.RuntimeUid);
        (await worker.Usage.ListAsync(engine, None)).Count.ShouldBe(2);
        gallery.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_file_on_its_disk_is_there_after_it_slept()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var writes = TestTemplates.Of("writes", "python:3-alpine",
            ["sh", "-c", "date >>/data/starts; exec python3 -m http.server 7860 --directory /data"],
            "date >>\"$VOLUME_DATA/starts\"; exec python3 -m http.server 7860 --bind $POD_IP --directory \"$VOLUME_DATA\"");
        var engine = await worker.EngineAsync(writes);
        await worker.WakeAsync(engine);
        await worker.SleepAsync(engine);
        var again = await worker.WakeAsync(engine);
        (await Http.GetStringAsync(new Uri(again.Address!, "starts"))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);

        await worker.DeleteAsync(engine, keepDisk: true);
        foreach (var kind in new[] { ResourceKind.Pod, ResourceKind.Deployment, ResourceKind.Service, ResourceKind.NetworkPolicy })
            (await cluster.ObjectsAsync(kind, engine)).ShouldBeEmpty(kind.ToString());
        var disk = (await cluster.ObjectsAsync(ResourceKind.PersistentVolumeClaim, engine)).ShouldHaveSingleItem();
        disk.At("status").Text("phase").ShouldBe("Bound");
        disk.Mark(Marks.Owner).ShouldBe("alice");
        disk.Mark(Marks.Group).ShouldBe("studio");
    }

    [Fact]
    public async Task Its_objects_keep_others_out_and_go_with_it()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Files("objects"));
        await worker.WakeAsync(engine);

        var deployment = (await cluster.ObjectsAsync(ResourceKind.Deployment, engine)).ShouldHaveSingleItem();
        deployment.At("spec").At("strategy").Text("type").ShouldBe("Recreate");
        var pod = (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldHaveSingleItem().At("spec");
        pod.At("automountServiceAccountToken")!.GetValue<bool>().ShouldBeFalse();
        pod.Text("serviceAccountName").ShouldBe(Marks.NameOf(engine));
        (await cluster.ObjectsAsync(ResourceKind.ServiceAccount, engine)).ShouldHaveSingleItem()["automountServiceAccountToken"]!.GetValue<bool>().ShouldBeFalse();
        pod.Items("volumes").Select(volume => volume.Text("name")).ShouldBe(["data"]);
        var policy = (await cluster.ObjectsAsync(ResourceKind.NetworkPolicy, engine)).ShouldHaveSingleItem().At("spec");
        policy.At("policyTypes")!.AsArray().Select(type => (string?)type).ShouldBe(["Ingress", "Egress"], ignoreOrder: true);
        policy.Items("egress").SelectMany(rule => rule.Items("to")).Select(to => to.At("ipBlock").At("except")?[0]?.ToString()).ShouldContain("169.254.169.254/32");
        (await cluster.ObjectsAsync(ResourceKind.Service, engine)).ShouldHaveSingleItem();

        await worker.DeleteAsync(engine, keepDisk: false);
        await Eventually.TrueAsync("nothing of it is left", TimeSpan.FromSeconds(20), async () =>
        {
            foreach (var kind in (ResourceKind[])[ResourceKind.Pod, ResourceKind.Deployment, .. EngineObjects.Parts])
            {
                if ((await cluster.ObjectsAsync(kind, engine)).Count > 0)
                    return false;
            }

            return true;
        });
    }

    [Fact]
    public async Task A_pod_that_somebody_deletes_comes_back_and_never_beside_another()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Files("deleted").With(pod => TestTemplates.Annotations(pod)["fake-kubelet/stop-delay"] = "2"));
        var before = await worker.WakeAsync(engine);
        var pod = (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldHaveSingleItem();
        await cluster.Client.DeleteAsync(ResourceKind.Pod, pod.At("metadata").Text("name")!, pod.At("metadata").Text("uid")!, null, None);

        var most = 0;
        await Eventually.TrueAsync("it is ready again", TimeSpan.FromSeconds(40), async () =>
        {
            var placed = (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).Select(PodView.From).Count(one => one is { Node: not null, Finished: false });
            most = Math.Max(most, placed);
            return await worker.Engines.FindAsync(engine, None) is { State: EngineState.Ready } now && now.RuntimeUid != before.RuntimeUid;
        });
        most.ShouldBe(1);
        var intervals = await worker.Usage.ListAsync(engine, None);
        intervals.Count.ShouldBe(2);
        intervals.Count(interval => interval.EndedAt is null).ShouldBe(1);
    }

    [Fact]
    public async Task What_somebody_edits_by_hand_is_repaired()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(TestTemplates.Files("edited"));
        var first = await worker.WakeAsync(engine);
        await cluster.Client.MergeAsync(ResourceKind.Deployment, Marks.NameOf(engine), new() { ["spec"] = new JsonObject { ["replicas"] = 0 } }, None);
        var second = await worker.ReachesAsync(engine, now => now.State == EngineState.Ready && now.RuntimeUid != first.RuntimeUid, "ready again after it was scaled down");
        await cluster.Client.MergeAsync(ResourceKind.Deployment, Marks.NameOf(engine), new() { ["spec"] = new JsonObject { ["replicas"] = 3 } }, None);
        await Eventually.TrueAsync("there is one pod, the same", TimeSpan.FromSeconds(30), async () =>
            (await cluster.Client.FindAsync(ResourceKind.Deployment, Marks.NameOf(engine), None)).At("spec").Number("replicas") == 1
            && (await cluster.ObjectsAsync(ResourceKind.Pod, engine)) is [var only] && only.At("metadata").Text("uid") == second.RuntimeUid);
        var deployment = await cluster.Client.FindAsync(ResourceKind.Deployment, Marks.NameOf(engine), None);
        await cluster.Client.DeleteAsync(ResourceKind.Deployment, Marks.NameOf(engine), deployment.At("metadata").Text("uid")!, null, None);
        await worker.ReachesAsync(engine, now => now.State == EngineState.Ready && now.RuntimeUid != second.RuntimeUid, "ready again after it was deleted");
    }
}
