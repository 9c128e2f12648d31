using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Bench.Working;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Testing;

namespace Aigc.Bench.Clusters;

/// <summary>Hundreds of engines wait for a few GPUs: what it costs when the queue moves and each of them gets another place.</summary>
internal static class QueueBench
{
    private const int Waiting = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(Scoreboard board)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-bench-").FullName;
        var stores = WorkerStores.Embedded(folder);
        using var database = Database.FromConnectionString(stores.Database, TimeProvider.System);
        var port = FreePort.Next();
        await using var cluster = await BenchCluster.SimulatedCluster.StartAsync(port);
        var ids = await Seeding.EnginesAsync(database, Template(port), ClusterRole.Gpus + Waiting);
        var rows = new EngineStore(database, TimeProvider.System);
        using var worker = WorkerProcess.Start(folder, stores, cluster.Settings);
        try
        {
            foreach (var id in ids)
                await rows.WakeAsync(id, new(Reasons.WakeAsked), retry: true, Actor.Gateway, CancellationToken.None);
            var before = await ReachAsync(Waiting);
            var served = await rows.ListByReasonAsync(EngineState.Ready, Reasons.Ready, CancellationToken.None);
            await cluster.RequestsAsync();
            foreach (var engine in served)
                await rows.SleepAsync(engine.Id, new(Reasons.SleepAsked), Actor.Gateway, CancellationToken.None);
            var after = await ReachAsync(Waiting - ClusterRole.Gpus);
            board.Note($"{Waiting} engines wait for {ClusterRole.Gpus} GPUs, {served.Count} fall asleep: requests for all of it", $"{(await cluster.RequestsAsync()).Count}");
            board.Exactly($"rows written of the {after.Count} that moved up", after.Sum(one => (int)(one.Value - before[one.Key])), 0);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }

        async Task<Dictionary<EngineId, long>> ReachAsync(int waiting)
        {
            IReadOnlyList<Engine> queue = [];
            await Eventually.TrueAsync($"{waiting} wait and {ClusterRole.Gpus} are ready", Patience, async () =>
                (queue = await rows.ListByReasonAsync(EngineState.Queued, Reasons.NoRoom, CancellationToken.None)).Count == waiting
                && (await rows.ListByReasonAsync(EngineState.Ready, Reasons.Ready, CancellationToken.None)).Count == ClusterRole.Gpus);
            return queue.ToDictionary(engine => engine.Id, engine => engine.RowVersion);
        }
    }

    private static Template Template(int port) => new()
    {
        Name = "bench",
        Title = new("Bench"),
        Description = new("Bench"),
        Version = "1",
        Readiness = new("/"),
        IdleTimeout = TimeSpan.FromHours(2),
        Kubernetes = new(port, null, JsonSerializer.SerializeToElement(new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "engine",
                    ["image"] = "aigc/bench",
                    ["resources"] = new JsonObject { ["limits"] = new JsonObject { [ClusterRole.Gpu] = "1" } },
                }),
            },
        })),
    };
}
