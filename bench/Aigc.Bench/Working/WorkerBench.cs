using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
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
    private const string Key = "a-key-for-the-benchmark";
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>A real engine of 5 MB: listens, and answers its busy probe.</summary>
    private const string Program =
        """
        my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$ARGV[0]", Listen => 100, ReuseAddr => 1) or die;
        while (my $c = $s->accept) { sysread $c, my $request, 4096; print $c "HTTP/1.1 200 OK\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"busy\":false}"; close $c }
        """;

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
            var waking = await TimeAsync(async () =>
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
            var restart = await TimeAsync(async () =>
            {
                worker = Start(folder, stores, awake);
                await Eventually.TrueAsync("the tracker has all routes again", Patience, async () => await ServedAsync(tracker) == (Engines, awake));
            });
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, CancellationToken.None);
            var resting = await CostAsync(worker);
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
            var ended = await TimeAsync(() => worker.WaitForExitAsync());
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
        await database.MigrateAsync(CancellationToken.None);
        var template = new Template
        {
            Name = "bench",
            Title = new("Bench"),
            Description = new("Bench"),
            Version = "1",
            Local = new("perl", ["-MIO::Socket::INET", "-e", Program, "{port}"], new Dictionary<string, string>()),
            Busy = new(BusyProbeKind.Json, "/", "/busy"),
            IdleTimeout = TimeSpan.FromHours(2),
        };
        await new TemplateStore(database, TimeProvider.System).SaveAsync(template, "", Actor.Gateway, CancellationToken.None);
        var ids = Enumerable.Range(0, Engines).Select(_ => EngineId.New()).ToList();
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var id in ids)
        {
            await using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"""
                INSERT INTO engines (id, owner_id, group_id, template, template_version, host, desired, desired_code, generation, created_at,
                    state, reason_code, state_since, observed_generation)
                VALUES ('{id}', 'alice', 'studio', 'bench', '1', 'bench-{id}', 'Asleep', 'created', 1, {now}, 'Asleep', 'created', {now}, 1)
                """);
            await insert.ExecuteNonQueryAsync();
            // Each has been awake before.
            Directory.CreateDirectory(Path.Combine(folder, "engines", id.Value, "run"));
        }

        await transaction.CommitAsync();
        return ids;
    }

    private static Process Start(string folder, WorkerStores stores, int awake)
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.Worker"), "--urls", address])
        {
            RedirectStandardInput = true,
            Environment =
            {
                ["ConnectionStrings__database"] = stores.Database,
                ["ConnectionStrings__tracker"] = stores.Tracker,
                ["AIGC_DATA_DIR"] = folder,
                ["Gateway__Key"] = Key,
                ["Reconciling__Capacity"] = $"{awake}",
                ["HOSTING_LIFETIME"] = "stdin",
                ["Logging__LogLevel__Default"] = "Warning",
                ["Logging__LogLevel__Aigc.Worker.Reconciling.ReconcileLoop"] = "Information",
            },
        };
        return Process.Start(start)!;
    }

    private static async Task<int> ReadyAsync(EngineStore engines) =>
        (await engines.ListAllAsync(CancellationToken.None)).Count(engine => engine.State == EngineState.Ready);

    /// <summary>How many engines the proxies know, and to how many they would forward.</summary>
    private static async Task<(int Known, int Ready)> ServedAsync(ISessionTracker tracker)
    {
        await foreach (var change in tracker.WatchAsync(CancellationToken.None))
        {
            var routes = ((TrackerChange.Snapshot)change).Routes;
            return (routes.Count, routes.Count(route => route.Address is not null));
        }

        return default;
    }

    private static async Task<double> CostAsync(Process worker)
    {
        worker.Refresh();
        var (before, begun) = (worker.TotalProcessorTime, TimeProvider.System.GetTimestamp());
        await Task.Delay(Idle, TimeProvider.System, CancellationToken.None);
        worker.Refresh();
        return 100 * (worker.TotalProcessorTime - before) / TimeProvider.System.GetElapsedTime(begun);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await run();
        return TimeProvider.System.GetElapsedTime(begin);
    }

    private static bool Report(string what, double value, double limit)
    {
        Console.WriteLine($"{what}: {value:0.##} (at most {limit:0}: {(value <= limit ? "met" : "MISSED")})");
        return value <= limit;
    }
}
