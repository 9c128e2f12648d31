using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Kubernetes.Files;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Cluster.Tests;

/// <summary>The API server takes all that the shipped templates become.</summary>
[Collection(ClusterTests.Name)]
public sealed class ShippedTests(TestCluster cluster)
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "templates", "kubernetes")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_shipped_template_becomes_objects_that_the_server_takes(string file)
    {
        var template = TemplateReader.Read(file, await File.ReadAllTextAsync(Path.Combine(Repository.Root, "templates", "kubernetes", file))).Template!;
        var request = new StartRequest(EngineId.New(), 1, template, new("alice"), "Alice", "shipped-alice", new("studio"));
        var options = new KubernetesOptions { GatewayPods = { ["app"] = "aigc" }, GatewayNamespace = { ["name"] = "aigc" }, Files = { Image = "aigc-disk:1", PullSecret = "registry" } };
        var disk = new DiskContainers(Options.Create(options), Options.Create(new GatewayOptions { Key = "a-key-for-the-tests-of-workers" })).For(request.Engine, template.Kubernetes!);
        disk.ShouldNotBeNull();
        foreach (var kind in EngineObjects.Parts)
            await cluster.Client.ApplyAsync(kind, EngineObjects.Part(kind, request, template.Kubernetes!, disk, options)!, force: false, TestCluster.None);
        // No replica: what is in question is whether it is taken, not whether this cluster has a GPU.
        var deployment = EngineObjects.Deployment(request, template.Kubernetes!, disk, "run", TimeProvider.System.GetUtcNow(), new(1), null);
        deployment["spec"]!["replicas"] = 0;
        await cluster.Client.ApplyAsync(ResourceKind.Deployment, deployment, force: false, TestCluster.None);
        foreach (var kind in (ResourceKind[])[ResourceKind.Deployment, .. EngineObjects.Parts])
        {
            var item = (await cluster.ObjectsAsync(kind, request.Engine)).ShouldHaveSingleItem();
            await cluster.Client.DeleteAsync(kind, Marks.NameOf(request.Engine), item.At("metadata").Text("uid")!, null, TestCluster.None);
        }
    }
}
