using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.Testing.Services;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>Everything that goes wrong in a cluster, one after the other and on top of each other, in an order that the seed says.</summary>
internal sealed class Trouble
{
    private const string Deployments = $"apis/apps/v1/namespaces/{ClusterPlant.Namespace}/deployments";
    private const string Pods = $"api/v1/namespaces/{ClusterPlant.Namespace}/pods";

    /// <summary>Until there is something to lose.</summary>
    private const int Calm = 3_000;

    private readonly ClusterPlant _plant;
    private readonly Random _random;
    private readonly IReadOnlyList<Func<CancellationToken, Task>> _kinds;
    private readonly ConcurrentDictionary<string, bool> _gone = new();
    private readonly List<Task> _lasting = [];

    public Trouble(ClusterPlant plant, int seed)
    {
        (_plant, _random) = (plant, new(seed));
        _kinds =
        [
            Once("429, please wait", () => plant.Cluster.Faults.Answer(429, _random.Next(1, 15), retryAfter: TimeSpan.FromSeconds(1))),
            Once("500s", () => plant.Cluster.Faults.Answer(500, _random.Next(1, 15))),
            Once("503s", () => plant.Cluster.Faults.Answer(503, _random.Next(1, 15))),
            Once("500s for what changes Deployments", () => plant.Cluster.Faults.Answer(500, _random.Next(5, 12), "patch", "deployments")),
            Once("connections break", plant.Cluster.Faults.DropConnections),
            Once("versions are forgotten", () =>
            {
                plant.Cluster.ForgetVersions();
                plant.Cluster.Faults.DropConnections();
            }),
            end => LastingAsync("slow", _random.Next(500, 3_000), () => plant.Cluster.Faults.Slowness = TimeSpan.FromMilliseconds(_random.Next(50, 700)), () => plant.Cluster.Faults.Slowness = TimeSpan.Zero, end),
            end => LastingAsync("away", _random.Next(300, 4_000), () => plant.Cluster.Faults.IsAway = true, () => plant.Cluster.Faults.IsAway = false, end),
            LoseAnswersAsync,
            end => LoseMachineAsync(_random.Next(500, 9_000), end),
            end => LoseMachineAsync(_random.Next(4_000, 9_000), end),
            TakeMachineAwayAsync,
            DeletePodAsync,
            DeletePodAsync,
            end => EditAsync("scaled to 0", new() { ["spec"] = new JsonObject { ["replicas"] = 0 } }),
            end => EditAsync("scaled to 2", new() { ["spec"] = new JsonObject { ["replicas"] = 2 } }),
            end => EditAsync("rolled over", new()
            {
                ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["edited"] = $"{_random.Next()}" } } } },
            }),
            end => EditAsync("stripped of its marks", new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["aigc/run"] = null, ["aigc/pod"] = null } } }),
            end => EditAsync("deleted", null),
            KillLeaderAsync,
            KillLeaderAsync,
            KillStandbyAsync,
            PauseLeaderAsync,
        ];
    }

    public int Count { get; private set; }

    /// <summary>Returns with all of it undone and two workers at work.</summary>
    public async Task MakeAsync(CancellationToken end)
    {
        var bag = new Queue<Func<CancellationToken, Task>>();
        await PauseAsync(Calm, end);
        while (!end.IsCancellationRequested)
        {
            // Each kind once before any comes again: a short run meets them all.
            if (bag.Count == 0)
                bag = new(_kinds.OrderBy(_ => _random.Next()).ToList());
            await bag.Dequeue()(end);
            Count++;
            await PauseAsync(_random.Next(100, 1_200), end);
        }

        await Task.WhenAll(_lasting);
        _plant.Cluster.Faults.Forgive();
        _plant.Journal.Add("-- all is well again");
    }

    private Func<CancellationToken, Task> Once(string what, Action act) => _ =>
    {
        _plant.Journal.Add($"-- {what}");
        act();
        return Task.CompletedTask;
    };

    private Task LastingAsync(string what, int milliseconds, Action begin, Action end, CancellationToken atTheLatest)
    {
        _plant.Journal.Add($"-- {what} for {milliseconds} ms");
        begin();
        _lasting.Add(ThenAsync());
        return Task.CompletedTask;

        async Task ThenAsync()
        {
            await PauseAsync(milliseconds, atTheLatest);
            end();
            _plant.Journal.Add($"-- no more: {what}");
        }
    }

    /// <summary>What is asked is done, and nobody hears of it.</summary>
    private Task LoseAnswersAsync(CancellationToken end) =>
        LastingAsync("answers are lost", _random.Next(300, 1_500), () => _plant.Cluster.Faults.LosesAnswers = true, () => _plant.Cluster.Faults.LosesAnswers = false, end);

    private Task LoseMachineAsync(int milliseconds, CancellationToken end) => Machine() is not { } machine ? Task.CompletedTask
        : LastingAsync($"{machine} is lost", milliseconds, () => _plant.Cluster.Nodes.Lose(machine), () =>
        {
            _plant.Cluster.Nodes.Return(machine);
            _gone.TryRemove(machine, out _);
        }, end);

    /// <summary>Lost first or not, with all that runs on it; another comes under its name.</summary>
    private Task TakeMachineAwayAsync(CancellationToken end)
    {
        if (Machine() is not { } machine)
            return Task.CompletedTask;
        var wasLost = _random.Next(2) == 0;
        return LastingAsync($"{machine} is {(wasLost ? "lost, then " : "")}taken away", _random.Next(1_000, 4_000), () =>
        {
            if (wasLost)
                _plant.Cluster.Nodes.Lose(machine);
            _plant.Cluster.Nodes.Remove(machine);
        }, () =>
        {
            _plant.Cluster.Nodes.Add(machine, new Dictionary<string, string> { ["nvidia.com/gpu"] = "8" });
            _gone.TryRemove(machine, out _);
        }, end);
    }

    private string? Machine()
    {
        var there = ClusterPlant.Machines.Where(machine => !_gone.ContainsKey(machine)).ToList();
        var choice = _random.Next(ClusterPlant.Machines.Count);
        // One machine at least stays.
        if (there.Count < 2)
            return null;
        var machine = there[choice % there.Count];
        _gone[machine] = true;
        return machine;
    }

    private async Task DeletePodAsync(CancellationToken end)
    {
        if (One(ResourceType.Pod) is { } pod)
            _plant.Journal.Add($"-- pod {pod} deleted by hand: {await _plant.AskAsync(HttpMethod.Delete, $"{Pods}/{pod}")}");
    }

    private async Task EditAsync(string what, JsonObject? patch)
    {
        if (One(ResourceType.Deployment) is { } name)
            _plant.Journal.Add($"-- Deployment {name} {what} by hand: {await _plant.AskAsync(patch is null ? HttpMethod.Delete : HttpMethod.Patch, $"{Deployments}/{name}", patch)}");
    }

    private string? One(ResourceType type)
    {
        var all = _plant.Cluster.Store.List(type, ClusterPlant.Namespace);
        var choice = _random.Next(64);
        return all.Count == 0 ? null : all[choice % all.Count].Key.Name;
    }

    private async Task KillLeaderAsync(CancellationToken end)
    {
        if (await _plant.LeaderAsync() is { } leader)
            await KillAsync("leading", leader, end);
    }

    private async Task KillStandbyAsync(CancellationToken end)
    {
        var leader = await _plant.LeaderAsync();
        if (_plant.Workers.FirstOrDefault(worker => worker != leader) is { } standby)
            await KillAsync("waiting", standby, end);
    }

    private async Task KillAsync(string which, WorkerProcess worker, CancellationToken end)
    {
        _plant.Journal.Add($"-- kill -9 the {which} worker {worker.Pid}");
        await _plant.EndWorkerAsync(worker);
        await LastingAsync($"worker {worker.Pid} is dead", _random.Next(0, 2_000), () => { }, () => _plant.BeginWorker(), end);
    }

    /// <summary>Longer than its lease lives: another leads when it wakes up, and it does not know.</summary>
    private async Task PauseLeaderAsync(CancellationToken end)
    {
        if (await _plant.LeaderAsync() is not { } leader)
            return;
        await LastingAsync($"worker {leader.Pid} is paused", 8_000, () => leader.Signal("STOP"), () =>
        {
            if (_plant.Workers.Contains(leader))
                leader.Signal("CONT");
        }, end);
    }

    private static async Task PauseAsync(int milliseconds, CancellationToken end) =>
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
