using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Bench.Clusters;

/// <summary>The cluster that engines run in, with a namespace of the benchmark's own.</summary>
internal abstract class BenchCluster(string name, string kubeconfig, string @namespace) : IAsyncDisposable
{
    public string Name => name;

    protected string Namespace => @namespace;

    /// <summary>What the worker has to be told.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["Worker__Runtime"] = "kubernetes",
        ["Kubernetes__Kubeconfig"] = kubeconfig,
        ["Kubernetes__Namespace"] = @namespace,
    };

    /// <summary>The one of <c>KUBECONFIG</c>; without it a simulated one.</summary>
    public static async Task<BenchCluster> StartAsync() => Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } file
        ? await RealCluster.StartAsync(file)
        : await SimulatedCluster.StartAsync(0);

    public KubernetesClient NewClient() => new(
        Access(kubeconfig) with { Namespace = Namespace }, Marks.Manager, new(10_000, 10_000, TimeProvider.System), TimeProvider.System, NullLogger<KubernetesClient>.Instance);

    public abstract ValueTask DisposeAsync();

    protected static ClusterAccess Access(string kubeconfig) => KubeConfig.Read(kubeconfig, null, TimeProvider.System);

    private sealed class RealCluster(string kubeconfig, string name, HttpClient http, string version)
        : BenchCluster($"control plane {version}", kubeconfig, name)
    {
        public static async Task<RealCluster> StartAsync(string kubeconfig)
        {
            var access = Access(kubeconfig);
            var http = new HttpClient(ClusterHttp.Create(access)) { BaseAddress = access.Server };
            if (access.Token is { } token)
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await token.GetAsync(CancellationToken.None));
            var version = await http.GetFromJsonAsync<JsonObject>("version");
            var name = $"aigc-bench-{Guid.NewGuid():N}"[..19];
            using var answer = await http.PostAsJsonAsync("api/v1/namespaces", new { metadata = new { name } });
            answer.EnsureSuccessStatusCode();
            return new(kubeconfig, name, http, version!["gitVersion"]!.GetValue<string>());
        }

        public override async ValueTask DisposeAsync()
        {
            using (http)
                (await http.DeleteAsync(new Uri($"api/v1/namespaces/{Namespace}", UriKind.Relative))).Dispose();
        }
    }

    internal sealed class SimulatedCluster(Process process, string kubeconfig) : BenchCluster("KubeSim", kubeconfig, ClusterRole.Namespace)
    {
        public static async Task<SimulatedCluster> StartAsync(int enginePort)
        {
            var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(SimulatedCluster).Assembly.Location, "role", "cluster", $"{enginePort}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            return new(process, await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulated cluster did not start."));
        }

        /// <summary>Those that it answered since the last time.</summary>
        public async Task<IReadOnlyList<RequestMeter.Request>> RequestsAsync()
        {
            await process.StandardInput.WriteLineAsync();
            await process.StandardInput.FlushAsync();
            return JsonSerializer.Deserialize<List<RequestMeter.Request>>((await process.StandardOutput.ReadLineAsync())!)!;
        }

        public override async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            using (process)
                await process.WaitForExitAsync();
        }
    }
}
