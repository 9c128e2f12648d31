using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>A disk follows its template to a larger size at the next start, and never to a smaller one; what is on it stays.</summary>
[Collection(ClusterTests.Name)]
public sealed class GrowTests(TestCluster cluster)
{
    private const string Classes = "apis/storage.k8s.io/v1/storageclasses";
    private static readonly HttpClient Http = new();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_larger_size_is_there_at_the_next_start_and_a_smaller_one_changes_nothing()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var engine = await worker.EngineAsync(Writes("grows", "1Gi", null));
        await worker.WakeAsync(engine);
        await worker.OfferAsync(Writes("grows", "3Gi", null) with { Version = "2" });
        (await SizesAsync(engine)).Asked.ShouldBe("1Gi", "nothing changes while it runs");
        await worker.SleepAsync(engine);

        var again = await worker.WakeAsync(engine);
        (await Http.GetStringAsync(new Uri(again.Address!, "starts"))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        await Eventually.TrueAsync("the disk is as large as asked for", TimeSpan.FromSeconds(30), async () => await SizesAsync(engine) is ("3Gi", "3Gi"));
        (await RemarksAsync(worker, engine)).ShouldBe([new(Reasons.DiskGrown, "1Gi → 3Gi")]);

        await worker.SleepAsync(engine);
        await worker.OfferAsync(Writes("grows", "2Gi", null) with { Version = "3" });
        (await worker.WakeAsync(engine)).TemplateVersion.ShouldBe("3");
        (await SizesAsync(engine)).Asked.ShouldBe("3Gi");
        (await RemarksAsync(worker, engine)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_cluster_refuses_is_told_and_the_engine_starts_with_the_disk_that_it_has()
    {
        await using var worker = await ClusterWorker.StartAsync(cluster);
        var name = $"fixed-{Guid.NewGuid():N}"[..16];
        await cluster.SendAsync(HttpMethod.Post, Classes, await FixedAsync(name));
        try
        {
            var engine = await worker.EngineAsync(Writes("fixed", "1Gi", name));
            await worker.WakeAsync(engine);
            await worker.SleepAsync(engine);
            await worker.OfferAsync(Writes("fixed", "2Gi", name) with { Version = "2" });
            var again = await worker.WakeAsync(engine);

            (await Http.GetStringAsync(new Uri(again.Address!, "starts"))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
            (await SizesAsync(engine)).Asked.ShouldBe("1Gi");
            var remark = (await RemarksAsync(worker, engine)).ShouldHaveSingleItem();
            remark.Code.ShouldBe(Reasons.DiskNotGrown);
            remark.Detail!.ShouldStartWith("1Gi → 2Gi: ");
            remark.Detail.ShouldContain("resize");
        }
        finally
        {
            await cluster.SendAsync(HttpMethod.Delete, $"{Classes}/{name}", null);
        }
    }

    /// <summary>The default class, but for disks that stay as they are.</summary>
    private async Task<JsonObject> FixedAsync(string name)
    {
        var classes = (await cluster.SendAsync(HttpMethod.Get, Classes, null)).Items("items");
        var standard = classes.First(one => one.Mark("storageclass.kubernetes.io/is-default-class") == "true");
        return new()
        {
            ["apiVersion"] = "storage.k8s.io/v1",
            ["kind"] = "StorageClass",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["provisioner"] = standard.Text("provisioner"),
            ["parameters"] = standard.At("parameters")?.DeepClone(),
            ["reclaimPolicy"] = "Delete",
            ["volumeBindingMode"] = standard.Text("volumeBindingMode"),
            ["allowVolumeExpansion"] = false,
        };
    }

    private async Task<(string? Asked, string? Has)> SizesAsync(EngineId engine)
    {
        var claim = (await cluster.ObjectsAsync(ResourceKind.PersistentVolumeClaim, engine)).ShouldHaveSingleItem();
        return (claim.At("spec").At("resources").At("requests").Text("storage"), claim.At("status").At("capacity").Text("storage"));
    }

    private static async Task<IReadOnlyList<Reason>> RemarksAsync(ClusterWorker worker, EngineId engine) =>
        [.. (await worker.Events.ReadAsync(engine, 0, 1000, None)).Select(line => line.Reason).Where(reason => reason.Code is Reasons.DiskGrown or Reasons.DiskNotGrown)];

    /// <summary>Writes a line at each start.</summary>
    private static Template Writes(string name, string size, string? @class)
    {
        var template = TestTemplates.Of(name, "python:3-alpine",
            ["sh", "-c", "date >>/data/starts; exec python3 -m http.server 7860 --directory /data"],
            "date >>\"$VOLUME_DATA/starts\"; exec python3 -m http.server 7860 --bind $POD_IP --directory \"$VOLUME_DATA\"");
        return template with { Kubernetes = template.Kubernetes! with { Volume = new(size, @class, "/data") } };
    }
}
