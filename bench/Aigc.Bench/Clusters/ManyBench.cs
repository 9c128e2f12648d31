using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Bench.Working;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Reconciling;

namespace Aigc.Bench.Clusters;

/// <summary>One worker with thousands of engines in a simulated cluster: its restart, what it asks while nothing happens, and many wakes at once.</summary>
internal static class ManyBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);
    private static readonly KubernetesOptions Budget = new();

    public static async Task RunAsync(Scoreboard board, int engines, int awake, int wakes)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-bench-").FullName;
        var stores = WorkerStores.Embedded(folder);
        using var database = Database.FromConnectionString(stores.Database, TimeProvider.System);
        var port = FreePort.Next();
        await using var cluster = await BenchCluster.SimulatedCluster.StartAsync(port);
        using var client = cluster.NewClient();
        var template = Template(port);
        var ids = await Seeding.EnginesAsync(database, template, engines);
        var seeding = await Timing.TimeAsync(() => SeedAsync(client, ids, template));
        Console.WriteLine($"{engines} engines, {awake} awake, on KubeSim; seeded in {seeding.TotalSeconds:0} s");

        var rows = new EngineStore(database, TimeProvider.System);
        var worker = WorkerProcess.Start(folder, stores, cluster.Settings);
        try
        {
            var waking = await Timing.TimeAsync(() => WakeAsync(rows, ids.Take(awake), awake));
            Console.WriteLine($"all {awake} woken in {waking.TotalSeconds:0.0} s");
            await RestartAsync();
            await SteadyAsync();
            await WakesAsync();
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
            worker.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        async Task RestartAsync()
        {
            worker.Kill();
            await worker.WaitForExitAsync();
            worker.Dispose();
            await stores.LoseTrackerAsync();
            var tracker = stores.OpenTracker();
            await cluster.RequestsAsync();
            var restart = await Timing.TimeAsync(async () =>
            {
                worker = WorkerProcess.Start(folder, stores, cluster.Settings);
                await Eventually.TrueAsync("the tracker has all routes again", Patience, async () => await WorkerProcess.ServedAsync(tracker) == (engines, awake));
            });
            board.AtMost($"restart with {engines} engines, {awake} awake, to steady", restart.TotalSeconds, 10, "s");
            board.Note("requests for it", $"{(await cluster.RequestsAsync()).Count}");
        }

        async Task SteadyAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);
            await cluster.RequestsAsync();
            var cost = await WorkerProcess.CostAsync(worker, Steady);
            var requests = await cluster.RequestsAsync();
            board.AtMost($"while nothing happens, over {Steady.TotalSeconds:0} s: requests to the API server", requests.Count / Steady.TotalSeconds, 2, "a second");
            board.AtMost("the worker's processor", cost, 10, "% of a core");
            worker.Refresh();
            board.Note("the worker's memory", $"{worker.WorkingSet64 / 1048576.0:0} MB");
        }

        async Task WakesAsync()
        {
            var asked = ids.Skip(awake).Take(wakes).ToList();
            await using var starts = new Starts(cluster.NewClient());
            await starts.Listed;
            await cluster.RequestsAsync();
            var taken = await Timing.TimeAsync(() => WakeAsync(rows, asked, awake + wakes));
            var requests = await cluster.RequestsAsync();
            board.Note($"{wakes} wakes at once until all are ready", $"{taken.TotalSeconds:0.0} s");
            board.Note("requests for them", $"{requests.Count}, at most {Peak(requests)} within a second");
            board.AtMost($"requests beyond {Budget.RequestsPerSecond} a second with {Budget.Burst} at once", Beyond(requests), 5, "");
            board.Exactly("requests refused as too many", requests.Count(request => request.Status == 429), 0);
            board.AtMost("started before their turn, by places (as many are looked at at once)", starts.MostAhead(asked), ReconcileLoop.Parallelism, "");
        }
    }

    private static async Task WakeAsync(EngineStore rows, IEnumerable<EngineId> engines, int ready)
    {
        foreach (var id in engines)
            await rows.WakeAsync(id, new(Reasons.WakeAsked), retry: true, Actor.Gateway, CancellationToken.None);
        IReadOnlyList<Engine> now = [];
        await Eventually.TrueAsync(
            "all are awake", Patience,
            async () => (now = await rows.ListAllAsync(CancellationToken.None)).Count(engine => engine.State == EngineState.Ready) == ready,
            () => string.Join(", ", now.CountBy(engine => (engine.State, engine.Reason))), TimeSpan.FromMilliseconds(200));
    }

    /// <summary>As the worker leaves the objects of engines that have been awake before.</summary>
    private static async Task SeedAsync(KubernetesClient client, IReadOnlyList<EngineId> ids, Template template)
    {
        var options = new KubernetesOptions { GatewayPods = { ["app.kubernetes.io/part-of"] = "aigc" } };
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (id, cancellationToken) =>
        {
            var request = new Aigc.Worker.Runtimes.StartRequest(id, 1, template, new("alice"), "alice", Seeding.HostOf(id), new("studio"));
            foreach (var kind in EngineObjects.Parts)
                await client.ApplyAsync(kind, EngineObjects.Part(kind, request, template.Kubernetes!, null, options)!, force: true, cancellationToken);
            var deployment = EngineObjects.Deployment(request, template.Kubernetes!, null, "", TimeProvider.System.GetUtcNow(), new(0), before: null);
            deployment["spec"]!["replicas"] = 0;
            await client.ApplyAsync(ResourceKind.Deployment, deployment, force: true, cancellationToken);
        });
    }

    /// <summary>By how many requests a bucket of the budget's size would have run over.</summary>
    private static double Beyond(IReadOnlyList<RequestMeter.Request> requests)
    {
        var (left, last, worst) = ((double)Budget.Burst, double.MinValue, 0.0);
        foreach (var request in requests.OrderBy(request => request.At))
        {
            left = Math.Min(Budget.Burst, left + Math.Min(1e6, request.At - last) * Budget.RequestsPerSecond) - 1;
            (last, worst) = (request.At, Math.Max(worst, -left));
        }

        return worst;
    }

    private static int Peak(IReadOnlyList<RequestMeter.Request> requests) =>
        requests.Max(one => requests.Count(other => other.At >= one.At && other.At < one.At + 1));

    private static Template Template(int port) => new()
    {
        Name = "bench",
        Title = new("Bench"),
        Description = new("Bench"),
        Version = "1",
        Readiness = new("/"),
        Busy = new(BusyProbeKind.Json, "/", "/busy"),
        IdleTimeout = TimeSpan.FromHours(2),
        Kubernetes = new(port, new("1Gi", null, "/data"), JsonSerializer.SerializeToElement(new JsonObject
        {
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "engine", ["image"] = "aigc/bench" }) },
        })),
    };
}
