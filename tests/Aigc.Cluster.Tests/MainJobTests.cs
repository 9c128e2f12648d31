extern alias Browser;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Browser::Aigc.Browser.Tests;

namespace Aigc.Cluster.Tests;

/// <summary>The product on this machine with its engines in a cluster.</summary>
public sealed class ClusterStudio : Studio
{
    private readonly TestCluster _cluster = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aigc-cluster-").FullName;

    protected override IReadOnlyList<(string Name, string Yaml)> Offered => Offers.Pods;

    protected override async Task PrepareAsync()
    {
        await _cluster.InitializeAsync();
        Product.Environment["Worker__Runtime"] = "kubernetes";
        Product.Environment["Kubernetes__Kubeconfig"] = await GatewayRole.KubeconfigAsync(_cluster, _folder, "worker");
    }

    /// <summary>Neither a pod, nor a process of a pod that should be gone.</summary>
    public override async Task<bool> HasComputeAsync(string engine) =>
        (await _cluster.ObjectsAsync(ResourceKind.Pod, new(engine))).Count > 0 || Processes.Find(Marks.NameOf(new(engine)), "").Count > 0;

    /// <summary>In the folder that plays the disk.</summary>
    public override async Task<int> PicturesAsync(TakenEngine engine)
    {
        var claim = await _cluster.Client.FindAsync(ResourceKind.PersistentVolumeClaim, Marks.NameOf(new(engine.Id)), TestCluster.None);
        var volume = await _cluster.SendAsync(HttpMethod.Get, $"api/v1/persistentvolumes/{claim.At("spec").Text("volumeName")}", null);
        return Directory.GetFiles(Path.Combine(volume.At("spec").At("hostPath").Text("path")!, "outputs"), "*.png").Length;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

[CollectionDefinition(nameof(OneClusterStudio))]
public sealed class OneClusterStudio : ICollectionFixture<ClusterStudio>;

[Collection(nameof(OneClusterStudio))]
public sealed class MainJobTests(ClusterStudio studio) : MainJobContract(studio);
