using System.Globalization;
using System.Text.Json;
using Aigc.KubeSim;

namespace Aigc.Bench.Clusters;

/// <summary>A simulated cluster as a process of its own: what it costs is not the worker's.</summary>
internal static class ClusterRole
{
    public const string Namespace = "bench";
    public const string Gpu = "nvidia.com/gpu";
    public const int Gpus = 20;

    /// <param name="port">Where this process answers for the engines of all pods, none of which is a process; 0: it does not, and each pod has its own address.</param>
    public static async Task<int> RunAsync(string port)
    {
        using var requests = new RequestMeter();
        var engines = int.Parse(port, CultureInfo.InvariantCulture);
        await using var answering = engines > 0 ? await AnswerAsync(engines) : null;
        await using var sim = await SimulatedCluster.StartAsync(new()
        {
            Namespaces = [Namespace],
            Nodes = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["node-1"] = new Dictionary<string, string> { ["cpu"] = "10000", ["memory"] = "100Ti", ["pods"] = "10000", [Gpu] = $"{Gpus}" },
            },
            PodAddress = engines > 0 ? "127.0.0.1" : null,
        });
        Console.WriteLine(sim.WriteKubeConfig(Namespace));
        // Each line asks which requests came since the last one; the parent closes our input when it is done, or dies.
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(JsonSerializer.Serialize(requests.Take()));
        return 0;
    }

    private static async Task<WebApplication> AnswerAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapGet("/{**path}", () => TypedResults.Text("""{"busy":false}""", "application/json"));
        await app.StartAsync();
        return app;
    }
}
