using System.Net;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Access;
using Aigc.KubeSim.Admission;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Clocks;
using Aigc.KubeSim.Controllers;
using Aigc.KubeSim.Faults;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Pods;
using Aigc.KubeSim.Scheduling;
using Aigc.KubeSim.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aigc.KubeSim;

/// <summary>
/// A Kubernetes cluster in this process, for tests: an API server over real HTTP, controllers and a scheduler on a clock that the test
/// drives, pods that are real processes, and what goes wrong when the test says so. Where it is kinder than a real one, that is a bug.
/// </summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-kubesim-");
    private readonly CancellationTokenSource _end = new();
    private readonly ObjectStore _store = new();
    private readonly ServerIdentity _identity = new();
    private readonly Kubelet _kubelet;
    private readonly WebApplication _app;
    private readonly ApiServer _server;
    private Task _work = Task.CompletedTask;

    private SimulatedCluster(SimulatedClusterOptions options)
    {
        var (writer, deleter, logs) = (new Writer(_store, Faults, Clock), new Deleter(_store, Clock), new ContainerLogs());
        var cluster = new Cluster(_store, writer, deleter, new(_store, writer, Clock), Clock, "kube-controller-manager");
        Users = new(_store, Clock);
        Users.Set(AdminToken, "admin", Rule.Everything);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.UseHttps(_identity.Certificate)));
        _app = builder.Build();
        _server = new ApiServer(Users, Faults, new(_store), new(_store, writer, deleter), new(_store, Faults, Clock), new(_store, logs), Clock);
        _app.Run(_server.HandleAsync);

        var logger = _app.Services.GetRequiredService<ILogger<SimulatedCluster>>();
        Nodes = new(cluster.As("kubelet"));
        _kubelet = new(cluster.As("kubelet"), Nodes, logs, new(), options.FirstBackOff, options.PodAddress, logger);
        var controllers = new IController[]
        {
            new NamespaceController(cluster), new DeploymentController(cluster), new ReplicaSetController(cluster), new GarbageCollector(cluster), new QuotaController(cluster),
            new ClaimController(cluster, _folder), new NodeController(cluster, Nodes, options.NodeGracePeriod), new Scheduler(cluster.As("kube-scheduler")), _kubelet,
        };
        Loop = new(_store, Clock, controllers, logger);
        Begin(cluster, options);
        foreach (var (name, allocatable) in options.Nodes)
            Nodes.Add(name, allocatable);
    }

    public DrivenClock Clock { get; } = new();

    public Users Users { get; }

    public ClusterFaults Faults { get; } = new();

    public Nodes Nodes { get; }

    /// <summary>Of a user who may do everything.</summary>
    public string AdminToken { get; } = Guid.NewGuid().ToString("N");

    public Uri Server { get; private set; } = new("https://127.0.0.1/");

    /// <summary>How many requests there were, of everybody and with any answer.</summary>
    public int Requests => _server.Requests;

    /// <summary>For tests that have to see everything, whatever the API server's clients are made to suffer.</summary>
    internal ObjectStore Store => _store;

    private ControllerLoop Loop { get; }

    public static async Task<SimulatedCluster> StartAsync(SimulatedClusterOptions? options = null)
    {
        var sim = new SimulatedCluster(options ?? new());
        await sim._app.StartAsync();
        sim.Server = new(sim._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        sim._work = Task.WhenAll(Task.Run(() => sim.Loop.RunAsync(sim._end.Token)), Task.Run(() => sim.Nodes.BeatAsync(sim._end.Token)));
        return sim;
    }

    /// <summary>The server forgets all versions before now: watches and pages that began before are too old.</summary>
    public void ForgetVersions() => _store.Forget();

    /// <summary>A kubeconfig for whoever has this token; it goes with the cluster.</summary>
    /// <param name="token">Null: the administrator's.</param>
    public string WriteKubeConfig(string @namespace, string? token = null)
    {
        var file = Path.Combine(_folder.FullName, $"{@namespace}-{token ?? "admin"}.kubeconfig");
        File.WriteAllText(file,
            $$$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: sim, cluster: {server: "{{{Server}}}", certificate-authority-data: {{{_identity.Authority}}}}}]
            users: [{name: user, user: {token: "{{{token ?? AdminToken}}}"}}]
            contexts: [{name: sim, context: {cluster: sim, user: user, namespace: {{{@namespace}}}}}]
            current-context: sim

            """);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _kubelet.DisposeAsync();
        Faults.DropConnections();
        await _app.StopAsync();
        await _app.DisposeAsync();
        try
        {
            await _work;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        _end.Dispose();
        _identity.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Begin(Cluster cluster, SimulatedClusterOptions options)
    {
        foreach (var name in options.Namespaces.Prepend(Nodes.LeaseNamespace).Prepend("kube-system").Prepend("default"))
            cluster.Create(new(ResourceType.Namespace, "", name), new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });
        foreach (var (name, mode, annotations) in new[] { ("standard", "Immediate", new JsonObject { [Admit.DefaultClass] = "true" }), ("standard-wait", "WaitForFirstConsumer", []) })
        {
            cluster.Create(new(ResourceType.StorageClass, "", name), new()
            {
                ["apiVersion"] = "storage.k8s.io/v1",
                ["kind"] = "StorageClass",
                ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = annotations },
                ["provisioner"] = ClaimController.Provisioner,
                ["volumeBindingMode"] = mode,
                ["allowVolumeExpansion"] = true,
            });
        }
    }
}
