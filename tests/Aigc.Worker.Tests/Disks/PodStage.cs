using System.Text.Json.Nodes;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Disks;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Kubernetes.Files;
using Aigc.Worker.Runtimes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Tests.Disks;

/// <summary>A worker whose engine is a pod, as far as files go: an API server that knows this pod alone.</summary>
internal sealed class PodStage : IAsyncDisposable
{
    private const string GatewayKey = "0123456789abcdef0123";

    private readonly WebApplication _cluster;
    private readonly WebApplication _worker;
    private readonly KubernetesClient _client;

    private PodStage(WebApplication cluster, WebApplication worker, KubernetesClient client, HttpClient http) =>
        (_cluster, _worker, _client, Http) = (cluster, worker, client, http);

    public static EngineId Engine { get; } = EngineId.New();

    /// <summary>What opens the engine's disk.</summary>
    public static string Key { get; } = Containers("aigc-disk:1").KeyOf(Engine);

    /// <summary>To the worker, about the engine.</summary>
    public HttpClient Http { get; }

    /// <param name="pods">What the cluster has of the engine; asked each time.</param>
    public static async Task<PodStage> StartAsync(Func<IEnumerable<JsonObject>> pods, TimeProvider? time = null, string image = "aigc-disk:1")
    {
        var (cluster, server) = await Backend.StartAsync(app =>
        {
            app.MapGet("/api/v1/namespaces/engines/pods", () =>
                new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["items"] = new JsonArray([.. pods()]) });
            app.MapGet("/api/v1/namespaces/engines/pods/engine/log", (string container, int tailLines, string previous) => $"{container}, {tailLines} lines, previous: {previous}");
        });
        var clock = time ?? TimeProvider.System;
        var client = new KubernetesClient(new(server, "engines"), "test", new(1000, 1000, TimeProvider.System), TimeProvider.System, NullLogger<KubernetesClient>.Instance);
        var (worker, address) = await Backend.StartAsync(app => app.MapDisks(), services => services
            .Configure<GatewayOptions>(options => options.Key = GatewayKey)
            .AddSingleton<IEngineLogs>(new KubernetesEngineLogs(client))
            .AddSingleton(clock).AddSingleton(client).AddSingleton(Containers(image))
            .AddSingleton<DiskPods>().AddSingleton<DiskClient>().AddSingleton<IEngineFiles, KubernetesEngineFiles>());
        var http = new HttpClient { BaseAddress = new(address, $"/internal/engines/{Engine}/") };
        http.DefaultRequestHeaders.Add(GatewayOptions.KeyHeader, GatewayKey);
        return new(cluster, worker, client, http);
    }

    /// <summary>A pod whose disk is served there.</summary>
    public static JsonObject Pod(Uri served) => JsonNode.Parse($$"""
        {
          "metadata": { "name": "engine", "uid": "1", "creationTimestamp": "2026-01-01T00:00:00Z" },
          "spec": {
            "containers": [ { "name": "engine" }, { "name": "aigc-disk", "ports": [ { "containerPort": {{served.Port}} } ] } ],
            "volumes": [ { "name": "data" } ]
          },
          "status": {
            "phase": "Running", "podIP": "{{served.Host}}",
            "containerStatuses": [ { "name": "engine", "state": { "running": {} } }, { "name": "aigc-disk", "state": { "running": {} } } ]
          }
        }
        """)!.AsObject();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _worker.DisposeAsync();
        await _cluster.DisposeAsync();
        _client.Dispose();
    }

    private static DiskContainers Containers(string image) => new(
        Options.Create(new KubernetesOptions { Files = { Image = image } }), Options.Create(new GatewayOptions { Key = GatewayKey }));
}
