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

/// <summary>The API server takes all that templates become: those that are shipped, those of the guide, and those that were imported.</summary>
[Collection(ClusterTests.Name)]
public sealed class ShippedTests(TestCluster cluster)
{
    public static TheoryData<string> Shipped => [.. FilesIn("templates/kubernetes", "*.yaml")];

    public static TheoryData<string> Imported => [.. FilesIn("tests/Aigc.Engines.Tests/Templates/Import", "*.template")];

    public static TheoryData<string> Guide => [.. GuideExamples.Of("templates.md", "GPUs", "yaml")];

    [Theory]
    [MemberData(nameof(Shipped))]
    [MemberData(nameof(Imported))]
    public async Task A_template_becomes_objects_that_the_server_takes(string file) =>
        await TakesAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, file)));

    [Theory]
    [MemberData(nameof(Guide))]
    public Task What_the_guide_shows_of_gpus_becomes_objects_that_the_server_takes(string example) =>
        TakesAsync($"name: gpu\ntitle: GPU\ndescription: GPU\nversion: \"1\"\n{example}");

    private static IEnumerable<string> FilesIn(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern).Select(path => Path.GetRelativePath(Repository.Root, path));

    private async Task TakesAsync(string source)
    {
        var template = TemplateReader.Read("template.yaml", source, new(HostAccess: true, ServiceAccounts: true)).Template!;
        var request = new StartRequest(EngineId.New(), 1, template, new("alice"), "Alice", "shipped-alice", new("studio"));
        var options = new KubernetesOptions { GatewayPods = { ["app"] = "aigc" }, GatewayNamespace = { ["name"] = "aigc" }, Files = { Image = "aigc-disk:1", PullSecret = "registry" } };
        var disk = new DiskContainers(Options.Create(options), Options.Create(new GatewayOptions { Key = "a-key-for-the-tests-of-workers" })).For(request.Engine, template.Kubernetes!);
        (disk is not null).ShouldBe(template.Kubernetes!.Volume is not null);
        var parts = EngineObjects.Parts.Where(kind => template.Kubernetes!.Volume is not null || kind != ResourceKind.PersistentVolumeClaim).ToList();
        foreach (var kind in parts)
            await cluster.Client.ApplyAsync(kind, EngineObjects.Part(kind, request, template.Kubernetes!, disk, options)!, force: false, TestCluster.None);
        // No replica: what is in question is whether it is taken, not whether this cluster has a GPU.
        var deployment = EngineObjects.Deployment(request, template.Kubernetes!, disk, "run", TimeProvider.System.GetUtcNow(), new(1), null);
        deployment["spec"]!["replicas"] = 0;
        await cluster.Client.ApplyAsync(ResourceKind.Deployment, deployment, force: false, TestCluster.None);
        foreach (var kind in (ResourceKind[])[ResourceKind.Deployment, .. parts])
        {
            var item = (await cluster.ObjectsAsync(kind, request.Engine)).ShouldHaveSingleItem();
            await cluster.Client.DeleteAsync(kind, Marks.NameOf(request.Engine), item.At("metadata").Text("uid")!, null, TestCluster.None);
        }
    }
}
