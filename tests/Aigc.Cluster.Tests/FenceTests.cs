using Aigc.Engines.Gateway;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Templates;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Cluster.Tests;

/// <summary>A worker that was replaced and does not know it changes nothing; the one that replaced it sees all.</summary>
[Collection(ClusterTests.Name)]
public sealed class FenceTests(TestCluster cluster)
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Who_was_replaced_changes_nothing_and_who_replaced_it_adopts_all()
    {
        var number = TimeProvider.System.GetUtcNow().UtcTicks;
        await using var old = await WorkerAsync(number);
        var engine = EngineId.New();
        var asleep = EngineId.New();
        var started = await old.Runtime.StartAsync(Request(engine), None);
        await using var next = await WorkerAsync(number + 1);
        (await next.Runtime.ListAsync(None)).Select(compute => compute.Engine).ShouldContain(engine);

        await Refused(() => old.Runtime.StartAsync(Request(asleep), None));
        await Refused(() => old.Runtime.StopAsync(engine, None));
        await Refused(() => old.Runtime.KillAsync(engine, None));
        await Refused(() => old.Runtime.RemoveAsync(asleep, keepDisk: false, None));
        await Refused(() => old.Runtime.BeginTermAsync(None));
        (await cluster.ObjectsAsync(ResourceKind.PersistentVolumeClaim, asleep)).ShouldBeEmpty();

        // Asked again it is the same start; nothing is started twice.
        (await next.Runtime.StartAsync(Request(engine, generation: 2), None)).Generation.ShouldBe(started.Generation);
        await Should.ThrowAsync<InvalidOperationException>(next.Runtime.ReleaseAsync(engine, None));
        await Should.ThrowAsync<InvalidOperationException>(next.Runtime.RemoveAsync(engine, keepDisk: false, None));
        await next.Runtime.StopAsync(engine, None);
        await Eventually.TrueAsync("it has ended", TimeSpan.FromSeconds(20), async () => await next.Runtime.FindAsync(engine, None) is { Phase: ComputePhase.Exited });
        await next.Runtime.ReleaseAsync(engine, None);
        (await next.Runtime.FindAsync(engine, None)).ShouldBeNull();
        await next.Runtime.RemoveAsync(engine, keepDisk: false, None);

        async Task Refused(Func<Task> change) => (await Should.ThrowAsync<NotLeadingException>(change)).Newest.ShouldBe(number + 1);
    }

    [Fact]
    public async Task A_deployment_that_a_newer_term_has_touched_is_left_alone_even_when_its_lease_was_lost()
    {
        var number = TimeProvider.System.GetUtcNow().UtcTicks;
        await using var next = await WorkerAsync(number + 1);
        var engine = EngineId.New();
        await next.Runtime.StartAsync(Request(engine), None);
        var lease = await cluster.Client.FindAsync(ResourceKind.Lease, TermLease.Name, None);
        await cluster.Client.DeleteAsync(ResourceKind.Lease, TermLease.Name, lease.At("metadata").Text("uid")!, null, None);
        await using var old = await WorkerAsync(number);
        await Should.ThrowAsync<NotLeadingException>(old.Runtime.StopAsync(engine, None));
        await next.Runtime.BeginTermAsync(None);
        await next.Runtime.KillAsync(engine, None);
        await Eventually.TrueAsync("it has ended", TimeSpan.FromSeconds(20), async () => await next.Runtime.FindAsync(engine, None) is { Phase: ComputePhase.Exited });
        await next.Runtime.RemoveAsync(engine, keepDisk: false, None);
    }

    private static StartRequest Request(EngineId engine, long generation = 1) =>
        new(engine, generation, TestTemplates.Files("fence"), new UserId("alice"), "Alice", "fence-alice", new("studio"));

    private async Task<OneWorker> WorkerAsync(long term)
    {
        var worker = new OneWorker(cluster.NewClient(), new(term));
        await worker.Runtime.BeginTermAsync(None);
        await worker.Runtime.ListAsync(None);
        return worker;
    }

    private sealed class OneWorker : IAsyncDisposable
    {
        private readonly KubernetesClient _client;
        private readonly ClusterCache _cache;

        public OneWorker(KubernetesClient client, Term term)
        {
            (_client, _cache) = (client, new(client, TimeProvider.System, NullLogger<ClusterCache>.Instance));
            var options = Options.Create(new KubernetesOptions { GatewayPods = { ["app"] = "aigc" } });
            Runtime = new(
                term, client, _cache, new(client, TimeProvider.System), new(client), new PodAllowance(), new(options, Options.Create(new GatewayOptions())), options,
                TimeProvider.System, NullLogger<KubernetesEngineRuntime>.Instance);
        }

        public KubernetesEngineRuntime Runtime { get; }

        public async ValueTask DisposeAsync()
        {
            await _cache.DisposeAsync();
            _client.Dispose();
        }
    }
}
