using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Testing;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.KubeSim.Tests;

/// <summary>A namespace of one's own in KubeSim or, by <c>KUBECONFIG</c>, in a real cluster.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    private readonly SimulatedCluster? _sim;
    private readonly HttpClient _http;
    private readonly HttpClient _accounts;
    private readonly IToken? _token;

    private ClusterUnderTest(SimulatedCluster? sim, string kubeConfig)
    {
        _sim = sim;
        var access = KubeConfig.Read(kubeConfig, null, TimeProvider.System);
        _token = access.Token;
        _http = new(ClusterHttp.Create(access)) { BaseAddress = access.Server, Timeout = TimeSpan.FromSeconds(60) };
        // A certificate would say who asks, whatever the token says.
        _accounts = new(ClusterHttp.Create(access with { Certificate = null })) { BaseAddress = access.Server, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>The clusters that there are to test: KubeSim always, a real one when it is given.</summary>
    public static TheoryData<string> All => RealKubeConfig is null ? ["KubeSim"] : ["KubeSim", "real"];

    public static string? RealKubeConfig => Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } file ? file : null;

    public string Namespace { get; } = $"sim-{Guid.NewGuid():N}"[..16];

    public static async Task<ClusterUnderTest> StartAsync(string which)
    {
        var sim = which == "KubeSim" ? await SimulatedCluster.StartAsync(new() { FirstBackOff = TimeSpan.FromMilliseconds(500) }) : null;
        var cluster = new ClusterUnderTest(sim, sim?.WriteKubeConfig("default") ?? RealKubeConfig!);
        await cluster.SendAsync("POST", "/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{ns}"}}""");
        await Eventually.TrueAsync("the namespace has its account", TimeSpan.FromSeconds(30), async () =>
            (await cluster.SendAsync("GET", "/api/v1/namespaces/{ns}/serviceaccounts/default")).Status == 200);
        return cluster;
    }

    /// <param name="path">In which <c>{ns}</c> is this namespace.</param>
    /// <param name="token">Whose request it is; null: the administrator's.</param>
    public async Task<(int Status, JsonNode? Body)> SendAsync(string method, string path, string? body = null, string mediaType = "application/json", string? token = null)
    {
        using var request = new HttpRequestMessage(new(method), path.Replace("{ns}", Namespace, StringComparison.Ordinal).TrimStart('/'));
        request.Headers.UserAgent.ParseAdd("tester/1.0");
        if (token is not null || _token is not null)
            request.Headers.Authorization = new("Bearer", token ?? await _token!.GetAsync(CancellationToken.None));
        if (body is not null)
            request.Content = new StringContent(body.Replace("{ns}", Namespace, StringComparison.Ordinal), Encoding.UTF8) { Headers = { ContentType = new(mediaType) } };
        using var answer = await (token is null ? _http : _accounts).SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        try
        {
            return ((int)answer.StatusCode, JsonNode.Parse(text));
        }
        catch (JsonException)
        {
            // A watch: its events, a line each.
            return ((int)answer.StatusCode, new JsonArray([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line)]));
        }
    }

    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> holds)
    {
        JsonNode? last = null;
        await Eventually.TrueAsync($"{path} is as it should be", TimeSpan.FromSeconds(30), async () =>
        {
            last = (await SendAsync("GET", path)).Body;
            return last is not null && holds(last);
        }, () => last?.ToJsonString() ?? "");
        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_sim is null)
            await SendAsync("DELETE", "/api/v1/namespaces/{ns}");
        _http.Dispose();
        _accounts.Dispose();
        if (_sim is not null)
            await _sim.DisposeAsync();
    }

    private static JsonNode? Line(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return JsonValue.Create(line);
        }
    }
}
