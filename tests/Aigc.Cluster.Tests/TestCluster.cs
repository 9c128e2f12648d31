using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.KubeSim;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Cluster.Tests;

/// <summary>
/// The one way of these tests to a cluster, with a namespace of its own that is gone afterwards: the one of <c>KUBECONFIG</c>, or KubeSim where
/// that is not set. What is asserted is the same.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    /// <summary>Two machines with GPUs, as the real one of these tests has.</summary>
    private static readonly SimulatedClusterOptions Simulation = new()
    {
        Nodes = new[] { "node-1", "node-2" }.ToDictionary(name => name, _ => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["nvidia.com/gpu"] = "4" }),
    };

    private readonly string? _kubeconfig;
    private SimulatedCluster? _sim;
    private ClusterAccess _access = null!;
    private HttpClient _http = null!;
    private KubernetesClient? _client;

    public TestCluster()
        : this(Environment.GetEnvironmentVariable("KUBECONFIG"))
    {
    }

    private TestCluster(string? kubeconfig) => _kubeconfig = string.IsNullOrEmpty(kubeconfig) ? null : kubeconfig;

    /// <summary>For what goes wrong when a test says so: always KubeSim.</summary>
    internal static async Task<TestCluster> SimulatedAsync()
    {
        var cluster = new TestCluster(kubeconfig: null);
        await cluster.InitializeAsync();
        return cluster;
    }

    internal SimulatedCluster Sim => _sim ?? throw new InvalidOperationException("A real cluster does nothing on demand.");

    internal string Namespace => _access.Namespace;

    /// <summary>A client of the tests' own, with every right.</summary>
    internal KubernetesClient Client => _client!;

    internal static CancellationToken None => CancellationToken.None;

    internal async Task<IReadOnlyList<JsonObject>> ObjectsAsync(ResourceKind kind, EngineId engine) =>
        (await Client.ListAsync(kind, EngineObjects.Selector(engine), None)).Items;

    public async Task InitializeAsync()
    {
        _sim = _kubeconfig is null ? await SimulatedCluster.StartAsync(Simulation) : null;
        _access = KubeConfig.Read(_kubeconfig ?? Sim.WriteKubeConfig("default"), null, TimeProvider.System) with { Namespace = $"aigc-test-{Guid.NewGuid().ToString("N")[..8]}" };
        _http = new(ClusterHttp.Create(_access)) { BaseAddress = _access.Server };
        if (_access.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new("Bearer", await token.GetAsync(None));
        await SendAsync(HttpMethod.Post, "api/v1/namespaces", new() { ["metadata"] = new JsonObject { ["name"] = Namespace } });
        _client = NewClient();
    }

    public async Task DisposeAsync()
    {
        if (_sim is null)
            await SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{Namespace}", null);
        _client?.Dispose();
        _http.Dispose();
        if (_sim is not null)
            await _sim.DisposeAsync();
    }

    /// <param name="access">Null: as the tests themselves.</param>
    internal KubernetesClient NewClient(Func<ClusterAccess, ClusterAccess>? access = null) => new(
        access is null ? _access : access(_access), Marks.Manager, new(1000, 1000, TimeProvider.System), TimeProvider.System, NullLogger<KubernetesClient>.Instance);

    /// <summary>A kubeconfig's text: this cluster and namespace, with another's token.</summary>
    internal string KubeconfigWith(string token) => new JsonObject
    {
        ["current-context"] = "test",
        ["contexts"] = new JsonArray(new JsonObject { ["name"] = "test", ["context"] = new JsonObject { ["cluster"] = "test", ["user"] = "test", ["namespace"] = Namespace } }),
        ["users"] = new JsonArray(new JsonObject { ["name"] = "test", ["user"] = new JsonObject { ["token"] = token } }),
        ["clusters"] = new JsonArray(new JsonObject
        {
            ["name"] = "test",
            ["cluster"] = new JsonObject
            {
                ["server"] = _access.Server.ToString(),
                ["certificate-authority-data"] = _access.Authorities is { } authorities ? Convert.ToBase64String(Encoding.ASCII.GetBytes(authorities.ExportCertificatePems())) : null,
            },
        }),
    }.ToJsonString();

    internal async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"));
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}

/// <summary>One cluster and one namespace for all: a node has room for few engines at once, so tests take turns.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<TestCluster>
{
    public const string Name = "cluster";
}
