using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests.Simulated;

/// <summary>A machine that does not answer may still run its pod: nobody else gets the disk before it is known to have ended.</summary>
public sealed class LostNodeTests : SimulatedTest
{
    [Fact]
    public async Task Two_pods_of_one_engine_never_hold_its_disk_together()
    {
        // Each start leaves a line; one that finds the disk in use leaves a mark.
        var engine = await Worker.EngineAsync(TestTemplates.Of("alone", "python:3-alpine", [],
            "mkdir \"$VOLUME_DATA/held\" || touch \"$VOLUME_DATA/shared\"; trap 'kill $!; rmdir \"$VOLUME_DATA/held\"; exit 0' TERM; "
            + "echo start >>\"$VOLUME_DATA/starts\"; python3 -m http.server 7860 --bind $POD_IP --directory \"$VOLUME_DATA\" & wait"));
        var before = await Worker.WakeAsync(engine);
        var node = (await PodsAsync(engine)).ShouldHaveSingleItem().Node!;

        Sim.Nodes.Lose(node);
        await PassAsync(TimeSpan.FromMinutes(7), async () => (await PodsAsync(engine)).Count(pod => pod is { Node: not null, Finished: false }).ShouldBe(1));
        await PassUntilAsync(engine, EngineState.Stopping, Reasons.MachineGone);
        using (var http = new HttpClient())
            (await http.GetStringAsync(new Uri(before.Address!, "starts"))).ShouldBe("start\n", "it runs on, where nobody hears of it");

        // What people ask meanwhile gives its disk to nobody either.
        await Worker.AskSleepAsync(engine);
        await PassAsync(TimeSpan.FromMinutes(1));
        await Worker.AskWakeAsync(engine);
        await PassAsync(TimeSpan.FromMinutes(1), async () => (await PodsAsync(engine)).Count(pod => pod is { Node: not null, Finished: false }).ShouldBe(1));

        Sim.Nodes.Return(node);
        Engine? again = null;
        await PassUntilAsync("it is ready in another pod", async () => (again = await NowAsync(engine)) is { State: EngineState.Ready } now && now.RuntimeUid != before.RuntimeUid, () => $"{again}");
        using (var http = new HttpClient())
        {
            (await http.GetStringAsync(new Uri(again!.Address!, "starts"))).ShouldBe("start\nstart\n");
            (await http.GetAsync(new Uri(again.Address!, "shared"))).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        }

        var intervals = (await Worker.Usage.ListAsync(engine, None)).OrderBy(interval => interval.StartedAt).ToList();
        intervals.Count.ShouldBe(2);
        intervals[0].EndedAt.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(intervals[1].StartedAt);
    }

    private async Task<List<PodView>> PodsAsync(EngineId engine) => [.. (await Cluster.ObjectsAsync(ResourceKind.Pod, engine)).Select(PodView.From)];
}
