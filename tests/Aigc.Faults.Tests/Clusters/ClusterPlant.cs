using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.AppHost.Deployment;
using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.KubeSim;
using Aigc.KubeSim.Access;
using Aigc.Testing;
using Aigc.Testing.Services;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>A simulated cluster of three machines, a database, and workers as processes of their own. Nothing outlives it.</summary>
internal sealed class ClusterPlant : IAsyncDisposable
{
    public const string Namespace = "engines";
    public static readonly IReadOnlyList<string> Machines = ["machine-1", "machine-2", "machine-3"];

    private const string WorkersToken = "the-workers-token";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Actor Alice = new(new("alice"), "alice", null);
    private readonly string _folder = Directory.CreateTempSubdirectory("aigc-faults-").FullName;
    private readonly ConcurrentDictionary<int, WorkerProcess> _workers = new();
    private readonly HttpClient _http;
    private readonly Database _database;

    private ClusterPlant(SimulatedCluster cluster, Journal journal)
    {
        (Cluster, Journal) = (cluster, journal);
        _http = new(ClusterHttp.Create(KubeConfig.Read(cluster.WriteKubeConfig(Namespace), null, TimeProvider.System)))
        {
            BaseAddress = cluster.Server,
            DefaultRequestHeaders = { Authorization = new("Bearer", cluster.AdminToken) },
        };
        _database = Database.FromConnectionString(DatabaseString, TimeProvider.System);
    }

    public SimulatedCluster Cluster { get; }

    public Journal Journal { get; }

    public Database Database => _database;

    public EngineStore Engines => new(_database, TimeProvider.System);

    public UsageStore Usage => new(_database);

    public FileTracker Routes => new(TrackerString, TimeProvider.System);

    public IReadOnlyCollection<WorkerProcess> Workers => [.. _workers.Values];

    /// <summary>Where engines note what they have done.</summary>
    public string Ledger => Path.Combine(_folder, "ledger");

    private string DatabaseString => $"Data Source={_folder}/database.db";

    private string TrackerString => $"Data Source={_folder}/tracker.db";

    /// <param name="patience">How long pods stay with a machine that is lost.</param>
    public static async Task<ClusterPlant> StartAsync(Journal journal, TimeSpan patience)
    {
        var gpus = new Dictionary<string, string> { ["nvidia.com/gpu"] = "8" };
        var plant = new ClusterPlant(
            await SimulatedCluster.StartAsync(new()
            {
                Nodes = Machines.ToDictionary(name => name, _ => (IReadOnlyDictionary<string, string>)gpus),
                Namespaces = [Namespace],
                NodeGracePeriod = TimeSpan.FromSeconds(2),
                FirstBackOff = TimeSpan.FromSeconds(1),
            }),
            journal);
        plant.Cluster.Faults.Spares = plant.Cluster.AdminToken;
        plant.Cluster.Users.Set(WorkersToken, "aigc-worker", [.. Rights()]);
        await plant._database.MigrateAsync(None);
        await new TemplateStore(plant._database, TimeProvider.System).SaveAsync(plant.Template(patience), "", Actor.Gateway, None);
        return plant;
    }

    public WorkerProcess BeginWorker()
    {
        var worker = WorkerProcess.Start(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:database"] = DatabaseString,
                ["ConnectionStrings:tracker"] = TrackerString,
                ["AIGC_DATA_DIR"] = _folder,
                ["Gateway:Key"] = "a-key-for-the-tests-of-workers",
                ["Worker:Runtime"] = "kubernetes",
                ["Kubernetes:Kubeconfig"] = Cluster.WriteKubeConfig(Namespace, WorkersToken),
                ["Logging:Console:FormatterName"] = "simple",
                ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            },
            hosted: false, line => Journal.Add($"worker {line}"));
        _workers[worker.Pid] = worker;
        Journal.Add($"worker {worker.Pid} begins");
        return worker;
    }

    public async Task EndWorkerAsync(WorkerProcess worker)
    {
        _workers.TryRemove(worker.Pid, out _);
        await worker.DisposeAsync();
    }

    /// <summary>Null while nobody leads.</summary>
    public async Task<WorkerProcess?> LeaderAsync()
    {
        var held = await new LeaderLease(_database, "a test").ReadAsync(None);
        return Workers.FirstOrDefault(worker => held?.Holder.Contains($"|{worker.Pid}|", StringComparison.Ordinal) == true);
    }

    public async Task<EngineId> EngineAsync()
    {
        var engine = NewEngine.Of("proves", "1", "proves", TimeProvider.System.GetUtcNow());
        (await Engines.CreateAsync(engine, Alice, None)).ShouldBeTrue();
        return engine.Id;
    }

    public Task<Engine?> WakeAsync(EngineId engine) => Engines.WakeAsync(engine, new(Reasons.WakeAsked), retry: true, Alice, None);

    public Task<Engine?> VisitAsync(EngineId engine) => Engines.WakeAsync(engine, new(Reasons.Visit), retry: false, Alice, None);

    public Task<Engine?> SleepAsync(EngineId engine) => Engines.SleepAsync(engine, new(Reasons.SleepAsked), Alice, None);

    public Task<Engine?> RestartAsync(EngineId engine) => Engines.RestartAsync(engine, Alice, None);

    public Task<Engine?> DeleteAsync(EngineId engine, bool keepDisk) => Engines.DeleteAsync(engine, keepDisk, Alice, None);

    public async Task<Engine> ReachesAsync(EngineId engine, EngineState state, string? reason = null, TimeSpan? within = null)
    {
        Engine? now = null;
        await Eventually.TrueAsync($"{state} {reason}", within ?? TimeSpan.FromSeconds(30), async () =>
            (now = await Engines.FindAsync(engine, None)) is { } found && found.State == state && (reason is null || found.Reason.Code == reason), () => $"last seen: {now}");
        return now!;
    }

    /// <summary>As an administrator with <c>kubectl</c>, who tries again when a connection breaks.</summary>
    /// <returns>What became of it.</returns>
    public async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
            try
            {
                using var answer = await _http.SendAsync(request);
                return answer.StatusCode;
            }
            catch (HttpRequestException) when (attempt < 5)
            {
                // Only what was open breaks.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
            await EndWorkerAsync(worker);
        await Cluster.DisposeAsync();
        _http.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private Template Template(TimeSpan patience) => new()
    {
        Name = "proves",
        Title = new("Proves"),
        Description = new("Is alone on its disk, or says so"),
        Version = "1",
        Readiness = new("/"),
        StartTimeout = TimeSpan.FromMinutes(1),
        StopTimeout = TimeSpan.FromSeconds(3),
        IdleTimeout = TimeSpan.FromHours(1),
        Kubernetes = new(7860, new("1Gi", null, "/data"), JsonDocument.Parse(
            $$"""
            {
              "metadata": { "annotations": { "fake-kubelet/exec": "exec python3 '{{AppContext.BaseDirectory}}Clusters/engine.py'" } },
              "spec": {
                "containers": [{
                  "name": "engine", "image": "proves:1",
                  "env": [{ "name": "LEDGER", "value": "{{Ledger}}" }],
                  "resources": { "limits": { "nvidia.com/gpu": "1" } },
                  "readinessProbe": { "httpGet": { "path": "/", "port": 7860 } }
                }],
                "tolerations": [{ "key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": {{(int)patience.TotalSeconds}} }]
              }
            }
            """).RootElement),
    };

    private static IEnumerable<Rule> Rights() => JsonSerializer.SerializeToNode(WorkerRights.Rules)!.AsArray()
        .Select(rule => new Rule(Namespace, Texts(rule!["apiGroups"]), Texts(rule["resources"]), Texts(rule["verbs"])));

    private static string[] Texts(JsonNode? array) => [.. array!.AsArray().Select(text => (string)text!)];
}
