using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Cluster.Tests;

/// <summary>
/// The one way of these tests to a cluster, the one of <c>KUBECONFIG</c>, with a namespace of its own that is gone afterwards.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    private ClusterAccess _access = null!;
    private HttpClient _http = null!;
    private KubernetesClient? _client;

    internal string Namespace => _access.Namespace;

    /// <summary>A client of the tests' own, with every right.</summary>
    internal KubernetesClient Client => _client!;

    internal static CancellationToken None => CancellationToken.None;

    internal async Task<IReadOnlyList<JsonObject>> ObjectsAsync(ResourceKind kind, EngineId engine) =>
        (await Client.ListAsync(kind, EngineObjects.Selector(engine), None)).Items;

    public async Task InitializeAsync()
    {
        _access = KubeConfig.Read(KubeconfigFile(), null, TimeProvider.System) with { Namespace = $"aigc-test-{Guid.NewGuid().ToString("N")[..8]}" };
        _http = new(ClusterHttp.Create(_access)) { BaseAddress = _access.Server };
        if (_access.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new("Bearer", await token.GetAsync(None));
        await SendAsync(HttpMethod.Post, "api/v1/namespaces", new() { ["metadata"] = new JsonObject { ["name"] = Namespace } });
        _client = NewClient();
    }

    public async Task DisposeAsync()
    {
        await SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{Namespace}", null);
        _client?.Dispose();
        _http.Dispose();
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

    private static string KubeconfigFile() => Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } file
        ? file
        : throw new InvalidOperationException("These tests need a cluster: set KUBECONFIG, or run ./test --cluster.");
}

/// <summary>One cluster and one namespace for all: a node has room for few engines at once, so tests take turns.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<TestCluster>
{
    public const string Name = "cluster";
}
