using System.Diagnostics;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Testing;

namespace Aigc.Bench.Working;

/// <summary>One worker with many engines, most of them asleep: how soon it is at work again after kill -9, and what it costs while nothing happens.</summary>
internal static class WorkerBench
{
    private const int Engines = 10_000;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(int awake)
    {
        await using var servers = await WorkerStores.ServersAsync();
        var missed = await RunAsync(awake, _ => servers);
        return missed + await RunAsync(awake, WorkerStores.Embedded);
    }

    private static async Task<int> RunAsync(int awake, Func<string, WorkerStores> choose)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-bench-").FullName;
        var stores = choose(folder);
        using var database = Database.FromConnectionString(stores.Database, TimeProvider.System);
        var engines = new EngineStore(database, TimeProvider.System);
        var ids = await SeedAsync(folder, database);
        Console.WriteLine($"{stores.Name}: {Engines} engines, {awake} awake; {Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}");

        var worker = Start(folder, stores, awake);
        try
        {
            var waking = await Timing.TimeAsync(async () =>
            {
                foreach (var id in ids.Take(awake))
                    await engines.WakeAsync(id, new(Reasons.WakeAsked), retry: true, Actor.Gateway, CancellationToken.None);
                await Eventually.TrueAsync("all are awake", Patience, async () => await ReadyAsync(engines) == awake);
            });
            Console.WriteLine($"all {awake} woken in {waking.TotalSeconds:0.0} s");

            worker.Kill();
            await worker.WaitForExitAsync();
            await stores.LoseTrackerAsync();
            worker.Dispose();
            var tracker = stores.OpenTracker();
            var restart = await Timing.TimeAsync(async () =>
            {
                worker = Start(folder, stores, awake);
                await Eventually.TrueAsync("the tracker has all routes again", Patience, async () => await WorkerProcess.ServedAsync(tracker) == (Engines, awake));
            });
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, CancellationToken.None);
            var resting = await WorkerProcess.CostAsync(worker, Idle);
            var met = Report("restart after kill -9 to steady, s", restart.TotalSeconds, 5)
                & Report("processor while nothing happens, % of one core", resting, 5);
            Console.WriteLine($"resident memory, MB: {worker.WorkingSet64 / 1048576.0:0}");
            if (await ReadyAsync(engines) != awake)
                throw new InvalidOperationException("Engines were lost over the restart.");
            return met ? 0 : 1;
        }
        finally
        {
            // The product ends: the worker ends its engines.
            worker.StandardInput.Close();
            var ended = await Timing.TimeAsync(() => worker.WaitForExitAsync());
            Console.WriteLine($"end of the product with all engines, s: {ended.TotalSeconds:0.0}");
            var left = Processes.Find(folder, "perl");
            Console.WriteLine($"engines left running: {left.Count}");
            foreach (var pid in left)
                Processes.Signal(pid, "KILL");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<EngineId>> SeedAsync(string folder, Database database)
    {
        var ids = await Seeding.EnginesAsync(
            database,
            new()
            {
                Name = "bench",
                Title = new("Bench"),
                Description = new("Bench"),
                Version = "1",
                Local = new("perl", [PerlEngine.Modules, "-e", PerlEngine.Program, "127.0.0.1:{port}"], new Dictionary<string, string>()),
                Busy = new(BusyProbeKind.Json, "/", "/busy"),
                IdleTimeout = TimeSpan.FromHours(2),
            },
            Engines);
        // Each has been awake before.
        foreach (var id in ids)
            Directory.CreateDirectory(Path.Combine(folder, "engines", id.Value, "run"));
        return ids;
    }

    private static Process Start(string folder, WorkerStores stores, int awake) =>
        WorkerProcess.Start(folder, stores, new Dictionary<string, string> { ["Reconciling__Capacity"] = $"{awake}" });

    private static async Task<int> ReadyAsync(EngineStore engines) =>
        (await engines.ListAllAsync(CancellationToken.None)).Count(engine => engine.State == EngineState.Ready);

    private static bool Report(string what, double value, double limit)
    {
        Console.WriteLine($"{what}: {value:0.##} (at most {limit:0}: {(value <= limit ? "met" : "MISSED")})");
        return value <= limit;
    }
}
