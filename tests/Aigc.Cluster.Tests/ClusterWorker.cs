using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Testing;
using Aigc.Worker;
using Aigc.Worker.Runtimes;
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
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Actor Alice = new(new("alice"), "alice", null);
    private readonly string _folder;
    private readonly Database _database;
    private readonly WebApplication _app;
    private readonly TestCluster _cluster;
    private readonly List<EngineId> _engines = [];

    private ClusterWorker(TestCluster cluster, string folder, Database database, WebApplication app) =>
        (_cluster, _folder, _database, _app) = (cluster, folder, database, app);

    public EngineStore Engines => new(_database, TimeProvider.System);

    public UsageStore Usage => new(_database);

    public EventLog Events => new(_database);

    /// <param name="without">A right that the worker lacks, such as <c>create deployments</c>.</param>
    public static async Task<ClusterWorker> StartAsync(TestCluster cluster, string? without = null)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-cluster-").FullName;
        var connection = $"Data Source={folder}/database.db";
        var database = Database.FromConnectionString(connection, TimeProvider.System);
        await database.MigrateAsync(None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:database"] = connection,
            ["ConnectionStrings:tracker"] = $"Data Source={folder}/tracker.db",
            ["Gateway:Key"] = "a-key-for-the-tests-of-workers",
            ["Kubernetes:Kubeconfig"] = await GatewayRole.KubeconfigAsync(cluster, folder, $"worker-{Guid.NewGuid():N}"[..20], without),
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.AddWorker();
        var app = builder.Build();
        await app.StartAsync();
        return new(cluster, folder, database, app);
    }

    public Task OfferAsync(Template template) => new TemplateStore(_database, TimeProvider.System).SaveAsync(template, "", Actor.Gateway, None);

    public async Task<EngineId> EngineAsync(Template template)
    {
        await OfferAsync(template);
        var id = EngineId.New();
        var now = TimeProvider.System.GetUtcNow();
        (await Engines.CreateAsync(
            new()
            {
                Id = id,
                Owner = new("alice"),
                Group = new("studio"),
                Template = template.Name,
                TemplateVersion = template.Version,
                Host = $"test-{id}",
                Desired = Desired.Asleep,
                DesiredReason = new(Reasons.Created),
                Generation = 1,
                CreatedAt = now,
                StateSince = now,
            },
            Alice, None)).ShouldBeTrue();
        _engines.Add(id);
        return id;
    }

    public async Task<Engine> WakeAsync(EngineId engine, EngineState until = EngineState.Ready)
    {
        await Engines.WakeAsync(engine, new(Reasons.WakeAsked), retry: true, Alice, None);
        return await ReachesAsync(engine, until);
    }

    public async Task<Engine> SleepAsync(EngineId engine)
    {
        await Engines.SleepAsync(engine, new(Reasons.SleepAsked), Alice, None);
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

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            if (await Engines.FindAsync(engine, None) is not null)
                await DeleteAsync(engine, keepDisk: false);
        }

        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
