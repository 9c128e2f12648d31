using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests.Simulated;

/// <summary>An API server that is away, busy, forgetful or behind the times: people at work notice nothing, and nothing is asked in vain.</summary>
public sealed class OutageTests : SimulatedTest
{
    [Fact]
    public async Task While_the_API_server_is_away_engines_go_on_and_wakes_wait_and_say_so()
    {
        var awake = await Worker.EngineAsync(TestTemplates.Files("awake"));
        var asleep = await Worker.EngineAsync(TestTemplates.Files("asleep"));
        var before = await Worker.WakeAsync(awake);

        Sim.Faults.IsAway = true;
        await Worker.AskWakeAsync(asleep);
        await PassAsync(TimeSpan.FromMinutes(5), async () => (await NowAsync(awake)).State.ShouldBe(EngineState.Ready));
        (await Worker.RouteAsync(awake)).Address.ShouldBe(before.Address);
        var waiting = await Worker.ReachesAsync(asleep, EngineState.Queued, Reasons.ClusterAway);
        waiting.Reason.Detail!.ShouldContain($"{Sim.Server}");
        Worker.Log.Lines.ShouldContain(line => line.Contains($"{Sim.Server}", StringComparison.Ordinal));

        Sim.Faults.IsAway = false;
        await PassUntilAsync(asleep, EngineState.Ready);
        (await NowAsync(awake)).ShouldSatisfyAllConditions(
            now => now.State.ShouldBe(EngineState.Ready), now => now.RuntimeUid.ShouldBe(before.RuntimeUid), now => now.StateSince.ShouldBe(before.StateSince));
        var used = (await Worker.Usage.ListAsync(awake, None)).ShouldHaveSingleItem();
        used.EndedAt.ShouldBeNull();
        (Sim.Clock.GetUtcNow() - used.StartedAt).ShouldBeGreaterThan(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task What_a_watch_tells_of_long_ago_changes_nothing()
    {
        var awake = await Worker.EngineAsync(TestTemplates.Files("awake"));
        var asleep = await Worker.EngineAsync(TestTemplates.Files("asleep"));
        await Worker.WakeAsync(awake);
        await Worker.SleepAsync(awake);
        var before = await Worker.WakeAsync(awake);
        await Worker.WakeAsync(asleep);
        await Worker.SleepAsync(asleep);
        var history = await HistoryAsync(awake, asleep);

        await Worker.EndAsync();
        Sim.Faults.TellsOldEvents = true;
        await Worker.BeginAsync();
        await PassAsync(TimeSpan.FromSeconds(90));
        (await NowAsync(awake)).RuntimeUid.ShouldBe(before.RuntimeUid);
        (await HistoryAsync(awake, asleep)).ShouldBe(history);
        (await Cluster.ObjectsAsync(ResourceKind.Pod, awake)).ShouldHaveSingleItem().At("metadata").Text("deletionTimestamp").ShouldBeNull();

        Sim.Faults.TellsOldEvents = false;
        await Worker.SleepAsync(awake);
        await Worker.WakeAsync(asleep);
    }

    [Fact]
    public async Task What_happened_in_a_gap_that_the_server_can_not_fill_is_seen_by_a_new_list()
    {
        var engine = await Worker.EngineAsync(TestTemplates.Files("gap"));
        var before = await Worker.WakeAsync(engine);
        var pod = (await Cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldHaveSingleItem().At("metadata");

        // Twice for each of the five kinds: the watches come back after the change.
        Sim.Faults.Answer(503, times: 10, verb: "watch");
        Sim.Faults.DropConnections();
        await Cluster.Client.DeleteAsync(ResourceKind.Pod, pod.Text("name")!, pod.Text("uid")!, null, None);
        await Eventually.TrueAsync("another pod takes its place", Within, async () =>
            (await Cluster.ObjectsAsync(ResourceKind.Pod, engine)) is [var one] && one.At("metadata").Text("uid") != pod.Text("uid"));
        Sim.ForgetVersions();

        var again = await Worker.ReachesAsync(engine, now => now.State == EngineState.Ready && now.RuntimeUid != before.RuntimeUid, "ready in another pod");
        var intervals = await Worker.Usage.ListAsync(engine, None);
        intervals.Count.ShouldBe(2);
        intervals.Single(interval => interval.EndedAt is null).RuntimeUid.ShouldBe(again.RuntimeUid);
    }

    [Fact]
    public async Task A_server_that_asks_to_be_left_alone_is_and_what_was_asked_is_done_afterwards()
    {
        var engines = new List<EngineId>();
        for (var index = 0; index < 4; index++)
            engines.Add(await Worker.EngineAsync(TestTemplates.Files($"storm-{index}")));
        await Worker.WakeAsync(engines[0]);
        await PassAsync(TimeSpan.FromSeconds(5));

        Sim.Faults.Answer(429, times: 1, retryAfter: TimeSpan.FromMinutes(2));
        var before = Sim.Requests;
        await Worker.AskWakeAsync(engines[1]);
        await Eventually.TrueAsync("it was asked", Within, () => Sim.Requests > before);
        foreach (var engine in engines[2..])
            await Worker.AskWakeAsync(engine);
        await PassAsync(TimeSpan.FromSeconds(50));
        (Sim.Requests - before).ShouldBeLessThanOrEqualTo(8, "at most what was on its way already");

        Sim.Faults.Answer(429, times: 40, retryAfter: TimeSpan.FromSeconds(2));
        foreach (var engine in engines)
            await PassUntilAsync(engine, EngineState.Ready);
    }

    private async Task<List<string>> HistoryAsync(params EngineId[] engines)
    {
        var history = new List<string>();
        foreach (var engine in engines)
            history.AddRange((await Worker.Events.ReadAsync(engine, 0, 1000, None)).Select(one => $"{engine} {one.State} {one.Reason.Code}"));
        return history;
    }
}
