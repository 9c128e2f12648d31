using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>Pods that were started ahead of the visit become the pods of those who come.</summary>
[Collection(ClusterTests.Name)]
public sealed class SpareTests(TestCluster cluster)
{
    private static readonly HttpClient Http = new();
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Who_wakes_gets_a_spare_at_once_and_another_takes_its_place()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var template = TestTemplates.Spared(2);
        // Who comes first waits, and is learned from.
        await worker.MakePopularAsync(template);
        var spare = await ReadySpareAsync(worker);
        var pod = (await cluster.ObjectsAsync(ResourceKind.Pod, spare.Id)).ShouldHaveSingleItem();

        var second = await worker.EngineAsync(template);
        var awake = await worker.WakeAsync(second);
        var taken = (await cluster.ObjectsAsync(ResourceKind.Pod, second)).ShouldHaveSingleItem();
        taken.At("metadata").Text("uid").ShouldBe(pod.At("metadata").Text("uid"));
        taken.Mark(Marks.Owner).ShouldBe("alice");
        (await Http.GetStringAsync(awake.Address)).ShouldContain("Directory");
        (await cluster.ObjectsAsync(ResourceKind.NetworkPolicy, second)).ShouldHaveSingleItem();
        (await worker.Events.ReadAsync(second, 0, 50, None)).ShouldContain(entry => entry.Reason.Code == Reasons.SpareTaken);

        // What the pod used before was nobody's, what it uses from now on is alice's.
        var hers = (await worker.Usage.ListAsync(second, None)).ShouldHaveSingleItem();
        await Eventually.TrueAsync("the spare's use has ended", Bound, async () => (await worker.Usage.ListAsync(spare.Id, None))[0].EndedAt is not null);
        var before = (await worker.Usage.ListAsync(spare.Id, None))[0];
        hers.StartedAt.ShouldBeGreaterThanOrEqualTo(before.StartedAt);
        hers.RuntimeUid.ShouldNotBe(before.RuntimeUid);

        var next = await ReadySpareAsync(worker, other: pod.At("metadata").Text("uid"));
        (await cluster.ObjectsAsync(ResourceKind.Pod, next.Id)).ShouldHaveSingleItem();

        await worker.SleepAsync(second);
        (await cluster.ObjectsAsync(ResourceKind.Pod, second)).ShouldBeEmpty();
        (await worker.Usage.ListAsync(second, None)).ShouldHaveSingleItem().EndedAt.ShouldNotBeNull();

        // Withdrawn: nothing of them stays.
        await worker.OfferAsync(template with { Spares = 0, Version = "2" });
        await Eventually.TrueAsync("the spares are gone", Bound, async () => (await worker.Engines.ListAsync(Engine.Nobody, None)).Count == 0);
        foreach (var kind in (ResourceKind[])[ResourceKind.Pod, .. EngineObjects.Parts])
            (await cluster.ObjectsAsync(kind, spare.Id)).ShouldBeEmpty(kind.ToString());
    }

    [Fact]
    public async Task A_worker_that_takes_over_knows_whose_the_pod_is()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var template = TestTemplates.Spared(1);
        await worker.MakePopularAsync(template);
        await ReadySpareAsync(worker);
        var engine = await worker.EngineAsync(template);
        var awake = await worker.WakeAsync(engine);
        await worker.EndAsync();
        await worker.BeginAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var still = await worker.ReachesAsync(engine, EngineState.Ready);
        (still.RuntimeUid, still.Address).ShouldBe((awake.RuntimeUid, awake.Address));
        (await Http.GetStringAsync(awake.Address)).ShouldContain("Directory");

        // Its pod goes as any other's: it starts anew, as a pod that is held on to.
        var pod = (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldHaveSingleItem();
        await cluster.Client.DeleteAsync(ResourceKind.Pod, pod.At("metadata").Text("name")!, pod.At("metadata").Text("uid")!, null, None);
        var again = await worker.ReachesAsync(engine, now => now.State == EngineState.Ready && now.RuntimeUid != awake.RuntimeUid, "ready again");
        (await Http.GetStringAsync(again.Address)).ShouldContain("Directory");
        await worker.OfferAsync(template with { Spares = 0, Version = "2" });
        await Eventually.TrueAsync("the spares are gone", Bound, async () => (await worker.Engines.ListAsync(Engine.Nobody, None)).Count == 0);
    }

    private async Task<Engine> ReadySpareAsync(ClusterWorker worker, string? other = null)
    {
        Engine? ready = null;
        IReadOnlyList<Engine> spares = [];
        await Eventually.TrueAsync("a spare is ready", Bound, async () =>
        {
            foreach (var spare in spares = await worker.Engines.ListAsync(Engine.Nobody, None))
            {
                if (spare.State == EngineState.Ready && await cluster.ObjectsAsync(ResourceKind.Pod, spare.Id) is [var pod] && pod.At("metadata").Text("uid") != other)
                    ready = spare;
            }

            return ready is not null;
        }, () => string.Join('\n', spares));
        return ready!;
    }
}
