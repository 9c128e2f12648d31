using System.Net;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;
using Aigc.KubeSim.Objects;
using Aigc.Testing;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>A machine goes silent: people are told, sent nowhere in vain, and find their work when it answers again.</summary>
[Collection(nameof(OnItsOwn))]
public sealed class LostMachineTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Its_engine_is_not_ready_says_why_and_comes_back_as_it_was_also_to_another_worker()
    {
        await using var plant = await ClusterPlant.StartAsync(new(), patience: TimeSpan.FromMinutes(5));
        var worker = plant.BeginWorker();
        var (engine, ready, machine) = await WakeAsync(plant);
        (await RouteAsync(plant, engine, route => route.Address is not null)).Address.ShouldBe(ready.Address);

        plant.Cluster.Nodes.Lose(machine);
        var lost = await plant.ReachesAsync(engine, EngineState.Starting, Reasons.MachineGone);
        lost.Reason.Detail.ShouldBe(machine);
        ReasonWords.For(lost.Reason, "en").ShouldContain($"Its machine {machine} does not answer");
        (await RouteAsync(plant, engine, route => route.State == EngineState.Starting)).Address.ShouldBeNull("visitors see the waiting page");
        (await plant.Usage.ListAsync(engine, None)).ShouldHaveSingleItem().EndedAt.ShouldBeNull("the machine is still its own");

        await plant.EndWorkerAsync(worker);
        await plant.BeginWorker().IsHealthyAsync();
        (await plant.ReachesAsync(engine, EngineState.Starting, Reasons.MachineGone)).RuntimeUid.ShouldBe(ready.RuntimeUid);

        plant.Cluster.Nodes.Return(machine);
        var back = await plant.ReachesAsync(engine, EngineState.Ready);
        (back.RuntimeUid, back.Address).ShouldBe((ready.RuntimeUid, ready.Address));
        await RouteAsync(plant, engine, route => route.Address == ready.Address);
        (await plant.Usage.ListAsync(engine, None)).ShouldHaveSingleItem().EndedAt.ShouldBeNull();
    }

    [Fact]
    public async Task It_starts_elsewhere_only_once_somebody_has_said_that_the_machine_is_no_more()
    {
        await using var plant = await ClusterPlant.StartAsync(new(), patience: TimeSpan.FromSeconds(3));
        plant.BeginWorker();
        var (engine, ready, machine) = await WakeAsync(plant);
        plant.Cluster.Nodes.Lose(machine);
        var stopping = await plant.ReachesAsync(engine, EngineState.Stopping, Reasons.MachineGone);
        (stopping.RuntimeUid, stopping.Reason.Detail).ShouldBe((ready.RuntimeUid, machine));
        Pods(plant).Count(pod => pod.Fields["spec.nodeName"].Length > 0).ShouldBe(1, "the next one waits for the disk");

        (await plant.AskAsync(HttpMethod.Delete, $"api/v1/nodes/{machine}")).ShouldBe(HttpStatusCode.OK);
        // As an administrator promises by that: it runs nothing any more.
        plant.Cluster.Nodes.Remove(machine);
        var again = await plant.ReachesAsync(engine, EngineState.Ready);
        again.RuntimeUid.ShouldNotBe(ready.RuntimeUid);
        File.ReadLines(plant.Ledger).ShouldNotContain(line => line.StartsWith("overlap", StringComparison.Ordinal));
        var intervals = (await plant.Usage.ListAsync(engine, None)).OrderBy(interval => interval.StartedAt).ToList();
        intervals.Select(interval => interval.RuntimeUid).ShouldBe([ready.RuntimeUid, again.RuntimeUid]);
        (intervals[0].EndedAt!.Value - intervals[0].StartedAt).ShouldBeGreaterThan(TimeSpan.FromSeconds(3), "it was the engine's all the while");
        intervals[0].EndedAt!.Value.ShouldBeLessThanOrEqualTo(intervals[1].StartedAt);
    }

    private static async Task<(EngineId Engine, Engine Ready, string Machine)> WakeAsync(ClusterPlant plant)
    {
        var engine = await plant.EngineAsync();
        await plant.WakeAsync(engine);
        var ready = await plant.ReachesAsync(engine, EngineState.Ready);
        await Eventually.TrueAsync("its kubelet has noticed, too", TimeSpan.FromSeconds(20), () => Pods(plant) is [var pod] && pod.Read().Each("status", "conditions")
            .Any(one => one.Text("type") == "Ready" && one.Text("status") == "True"));
        return (engine, ready, Pods(plant).ShouldHaveSingleItem().Fields["spec.nodeName"]);
    }

    private static List<StoredObject> Pods(ClusterPlant plant) => plant.Cluster.Store.List(ResourceType.Pod, ClusterPlant.Namespace);

    private static async Task<Route> RouteAsync(ClusterPlant plant, EngineId engine, Func<Route, bool> holds)
    {
        Route? now = null;
        await Eventually.TrueAsync("the route", TimeSpan.FromSeconds(20), async () =>
        {
            await foreach (var change in plant.Routes.WatchAsync(None))
            {
                now = (change as TrackerChange.Snapshot)?.Routes.FirstOrDefault(route => route.Engine == engine);
                break;
            }

            return now is not null && holds(now);
        }, () => $"{now}");
        return now!;
    }
}
