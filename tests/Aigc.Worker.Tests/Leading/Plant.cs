using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Testing;
using Aigc.Testing.Services;
using Aigc.Worker.Local;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Tests.Leading;

/// <summary>A database, a tracker and a data folder of their own, for any number of workers. Nothing outlives it.</summary>
internal sealed class Plant : IAsyncDisposable
{
    /// <summary>Listens, and says in a file of its disk each time it was started.</summary>
    private const string Program =
        """
        echo $$ >>started
        exec perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$ARGV[0]", Listen => 100, ReuseAddr => 1) or die; while (my $c = $s->accept) { close $c }' "$0"
        """;

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<WorkerProcess> _workers = [];

    public Plant(bool tracker = true)
    {
        Folder = Directory.CreateTempSubdirectory("aigc-plant-").FullName;
        // Below a file nothing can be opened: a tracker that is away.
        if (!tracker)
            File.WriteAllText(Path.Combine(Folder, "away"), "");
        Tracker = tracker ? $"Data Source={Folder}/tracker.db" : $"Data Source={Folder}/away/tracker.db";
        Database = Aigc.Engines.Storage.Database.FromConnectionString(DatabaseString, TimeProvider.System);
        Engines = new(Database, TimeProvider.System);
        Usage = new(Database);
        Lease = new(Database, "a test");
        Settings = new()
        {
            ["ConnectionStrings:database"] = DatabaseString,
            ["ConnectionStrings:tracker"] = Tracker,
            ["AIGC_DATA_DIR"] = Folder,
            ["Gateway:Key"] = "a-key-for-the-tests-of-workers",
            ["Logging:LogLevel:Default"] = "Information",
        };
    }

    public string Folder { get; }
    public string DatabaseString => $"Data Source={Folder}/database.db";
    public string Tracker { get; }
    public Database Database { get; }
    public EngineStore Engines { get; }
    public UsageStore Usage { get; }
    public LeaderLease Lease { get; }
    public FileTracker Routes => new(Tracker, TimeProvider.System);
    public DataFolder Data => new(Options.Create(new LocalOptions { DataFolder = Folder }));

    public Dictionary<string, string?> Settings { get; }

    public async Task SeedAsync()
    {
        await Database.MigrateAsync(None);
        var template = LocalMachine("sh", "-c", Program, "{port}") with { Readiness = new(), IdleTimeout = TimeSpan.FromHours(1), StopTimeout = TimeSpan.FromSeconds(5) };
        await new TemplateStore(Database, TimeProvider.System).SaveAsync(template, "", Actor.Gateway, None);
    }

    public static Actor Alice { get; } = new(new("alice"), "alice", null);

    public async Task<EngineId> EngineAsync(bool awake = true)
    {
        var engine = NewEngine.Of("test", "1", "test", TimeProvider.System.GetUtcNow());
        (await Engines.CreateAsync(engine, Alice, None)).ShouldBeTrue();
        if (awake)
            await Engines.WakeAsync(engine.Id, new(Reasons.WakeAsked), retry: true, Alice, None);
        return engine.Id;
    }

    public Task<Engine?> ReachesAsync(EngineId engine, EngineState state) => Wait.UntilAsync(
        () => Engines.FindAsync(engine, None), now => now?.State == state, $"{state}");

    public async Task<WorkerProcess> StartAsync(bool hosted = false)
    {
        var worker = WorkerProcess.Start(Settings, hosted, Console.WriteLine);
        _workers.Add(worker);
        await worker.IsHealthyAsync();
        return worker;
    }

    public Task<LeaderLease.Held?> LeadsAsync(WorkerProcess worker) => LeadsAsync(held => held.Holder.Contains($"|{worker.Pid}|", StringComparison.Ordinal));

    public Task<LeaderLease.Held?> LeadsAsync(Func<LeaderLease.Held, bool> holds) => Wait.UntilAsync(
        () => Lease.ReadAsync(None), held => held is not null && holds(held), "the lease");

    /// <summary>How often the engine's program was started, by the pids that it noted.</summary>
    public async Task<string[]> StartsAsync(EngineId engine) => await File.ReadAllLinesAsync(Path.Combine(Data.DiskOf(engine), "started"));

    public static bool Runs(string pid) => Directory.Exists($"/proc/{pid}");

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        using var last = new LocalEngineRuntime(
            new(long.MaxValue), new(Data), Data, Options.Create(new LocalOptions { DataFolder = Folder }), TimeProvider.System, NullLogger<LocalEngineRuntime>.Instance);
        foreach (var compute in await last.ListAsync(None))
            await last.KillAsync(compute.Engine, None);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private static Template LocalMachine(string command, params string[] arguments) => Local.LocalMachine.Template(command, arguments);
}
