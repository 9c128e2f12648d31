using Aigc.Testing;

namespace Aigc.Cluster.Tests;

/// <summary>The whole product on this machine, its engines in the cluster, with one template offered.</summary>
internal sealed class ClusterProduct : IAsyncDisposable
{
    public const string Template = "demo-pod";

    private readonly string _folder = Directory.CreateTempSubdirectory("aigc-cluster-").FullName;

    private ClusterProduct()
    {
    }

    public TestCluster Cluster { get; } = new();

    public Product Product { get; } = new();

    /// <summary>Where engines tell of their volumes.</summary>
    public string Notes => Path.Combine(_folder, "notes");

    private string Yaml(string idleTimeout) =>
        $$"""
        name: {{Template}}
        title: Demo in a pod
        description: The demo engine, in a cluster.
        version: "1"
        {{DemoPod.Section(before: $"{PlayedDisk.Tell(Notes)}; ")}}
        readiness: { path: /healthz }
        busy: { kind: a1111 }
        stopTimeout: 5s
        idleTimeout: {{idleTimeout}}
        """;

    /// <param name="settings">Of the worker.</param>
    public static async Task<ClusterProduct> StartAsync(Dictionary<string, string>? settings = null, string idleTimeout = "30m")
    {
        var stage = new ClusterProduct();
        try
        {
            Directory.CreateDirectory(stage.Notes);
            await stage.Cluster.InitializeAsync();
            stage.Product.Environment["Worker__Runtime"] = "kubernetes";
            stage.Product.Environment["Kubernetes__Kubeconfig"] = await GatewayRole.KubeconfigAsync(stage.Cluster, stage._folder, "worker");
            foreach (var (name, value) in settings ?? [])
                stage.Product.Environment[name] = value;
            await stage.Product.StartAsync();
            using var admin = await stage.Product.Person("admin").SignInAsync();
            await admin.OfferAsync(Template, stage.Yaml(idleTimeout));
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
