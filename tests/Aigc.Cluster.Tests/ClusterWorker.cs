using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Testing;
using Aigc.Worker;
using Aigc.Worker.Runtimes;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aigc.Cluster.Tests;

/// <summary>A worker in this process, composed as its <c>Program</c> does, with a database of its own and an account in the cluster.</summary>
internal sealed class ClusterWorker : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan BeatBound = TimeSpan.FromSeconds(2);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Actor Alice = new(new("alice"), "alice", null);
    private readonly string _folder;
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly List<EngineId> _engines = [];
    private WebApplication _app = null!;
    private LeaderLease.Held? _held;

    private ClusterWorker(string folder, Database database, string account, TimeProvider time) =>
        (_folder, _database, Account, _time) = (folder, database, account, time);

    public EngineStore Engines => new(_database, _time);

    public UsageStore Usage => new(_database);

    public PoolStore Pools => new(_database, _time);

    public EventLog Events => new(_database);

    /// <summary>The name of its account in the cluster.</summary>
    public string Account { get; }

    public string Kubeconfig => Path.Combine(_folder, $"{Account}.kubeconfig");

    /// <summary>What it told in its log.</summary>
    public WorkerLog Log { get; } = new();

    /// <param name="without">A right that the worker lacks, such as <c>create deployments</c>.</param>
    /// <param name="time">The worker's clock; null: the machine's.</param>
    public static async Task<ClusterWorker> StartAsync(TestCluster cluster, string? without = null, TimeProvider? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-cluster-").FullName;
        var database = Database.FromConnectionString($"Data Source={folder}/database.db", TimeProvider.System);
        await database.MigrateAsync(None);
        var worker = new ClusterWorker(folder, database, $"worker-{Guid.NewGuid():N}"[..20], time ?? TimeProvider.System);
        await GatewayRole.KubeconfigAsync(cluster, folder, worker.Account, without);
        await worker.BeginAsync();
        return worker;
    }

    /// <summary>The worker ends, without its engines.</summary>
    public async Task EndAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Another takes its place, with nothing but the database.</summary>
    public async Task BeginAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:database"] = $"Data Source={_folder}/database.db",
            ["ConnectionStrings:tracker"] = $"Data Source={_folder}/tracker.db",
            ["Gateway:Key"] = "a-key-for-the-tests-of-workers",
            ["Kubernetes:Kubeconfig"] = Kubeconfig,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Log).AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.AddWorker();
        if (_time != TimeProvider.System)
            builder.Services.AddSingleton(_time);
        _app = builder.Build();
        await _app.StartAsync();
    }

    public Task OfferAsync(Template template) => new TemplateStore(_database, _time).SaveAsync(template, "", Actor.Gateway, None);

    public async Task<EngineId> EngineAsync(Template template)
    {
        await OfferAsync(template);
        var engine = NewEngine.Of(template.Name, template.Version, "test", _time.GetUtcNow());
        (await Engines.CreateAsync(engine, Alice, None)).ShouldBeTrue();
        _engines.Add(engine.Id);
        return engine.Id;
    }

    public async Task<Engine> WakeAsync(EngineId engine, EngineState until = EngineState.Ready)
    {
        await AskWakeAsync(engine);
        return await ReachesAsync(engine, until);
    }

    /// <summary>So many people come within half an hour that a spare is worth its card.</summary>
    public async Task MakePopularAsync(Template template)
    {
        var engines = new List<EngineId>();
        for (var i = 0; i < 4; i++)
            engines.Add(await EngineAsync(template));
        foreach (var engine in engines)
            await AskWakeAsync(engine);
        foreach (var engine in engines)
            await ReachesAsync(engine, EngineState.Ready);
    }

    public Task AskWakeAsync(EngineId engine) => Engines.WakeAsync(engine, new(Reasons.WakeAsked), retry: true, Alice, None);

    public Task AskSleepAsync(EngineId engine) => Engines.SleepAsync(engine, new(Reasons.SleepAsked), Alice, None);

    public async Task<Engine> SleepAsync(EngineId engine)
    {
        await AskSleepAsync(engine);
        return await ReachesAsync(engine, EngineState.Asleep);
    }

    public async Task DeleteAsync(EngineId engine, bool keepDisk)
    {
        await Engines.DeleteAsync(engine, keepDisk, Alice, None);
        await Eventually.TrueAsync("the engine is gone", Bound, async () => await Engines.FindAsync(engine, None) is null);
    }

    public Task<Engine> ReachesAsync(EngineId engine, EngineState state, string? reason = null) =>
        ReachesAsync(engine, now => now.State == state && (reason is null || now.Reason.Code == reason), $"{state} {reason}");

    public async Task<Engine> ReachesAsync(EngineId engine, Func<Engine, bool> holds, string what)
    {
        Engine? now = null;
        await Eventually.TrueAsync(what, Bound, async () => (now = await Engines.FindAsync(engine, None)) is { } found && holds(found), () => $"last seen: {now}");
        return now!;
    }

    /// <summary>Until it has shown once more that it lives, if it does.</summary>
    public async Task BeatsAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        LeaderLease.Held? held;
        while ((held = await new LeaderLease(_database, "").ReadAsync(None)) == _held && TimeProvider.System.GetElapsedTime(begun) < BeatBound)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        _held = held;
    }

    /// <summary>Its row is gone, as after a backup was restored.</summary>
    public async Task LoseRowAsync(EngineId engine)
    {
        await using var connection = await _database.OpenAsync(None);
        await connection.ExecuteAsync("DELETE FROM engines WHERE id = @id", new { id = engine.Value });
    }

    /// <summary>What proxies know of it.</summary>
    public async Task<Route> RouteAsync(EngineId engine)
    {
        await foreach (var change in _app.Services.GetRequiredService<ISessionTracker>().WatchAsync(None))
        {
            if (change is TrackerChange.Snapshot all)
                return all.Routes.Single(route => route.Engine == engine);
        }

        throw new InvalidOperationException("The tracker ended.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            if (await Engines.FindAsync(engine, None) is not null)
                await DeleteAsync(engine, keepDisk: false);
        }

        await EndAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
