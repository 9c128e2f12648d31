using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Kubernetes.Files;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Kubernetes;

/// <summary>
/// Engines as pods: of each a Deployment with no or one replica, a claim that is its disk, an account, a Service and a
/// NetworkPolicy. All state is in the cluster's objects. Before each change the newest term is asked for, and Deployments are
/// fenced, so that a leader that was replaced changes nothing that its successor has touched.
/// </summary>
internal sealed partial class KubernetesEngineRuntime(
    Term term, KubernetesClient client, ClusterCache cache, PodEvents events, TermLease terms, PodAllowance allowance, DiskContainers disks,
    IOptions<KubernetesOptions> options, TimeProvider time, ILogger<KubernetesEngineRuntime> log)
    : IEngineRuntime
{
    private static readonly TimeSpan RepairPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastSecond = TimeSpan.FromSeconds(1);
    private static readonly IReadOnlyDictionary<string, string> NoMarks = new Dictionary<string, string>();

    private readonly ConcurrentDictionary<EngineId, long> _repaired = new();
    private readonly DiskGrowth _growth = new(client, cache, log);
    private readonly FencedDeployments _deployments = new(term, client, cache, terms);
    private readonly SparePods _spares = new(term, client, cache, time);
    private bool _begun;

    public EngineNeeds NeedsOf(Template template) => EngineNeeds.Of(template.Kubernetes);

    public async Task BeginTermAsync(CancellationToken ct)
    {
        await TellAsync(terms.BeginAsync(term, ct));
        // After it: what an earlier leader has done is in the lists, and what it does now is refused.
        if (!_begun)
            cache.Begin();
        _begun = true;
    }

    public async Task<IReadOnlyList<Compute>> ListAsync(CancellationToken ct)
    {
        await TellAsync(cache.ListedAsync(ct));
        return [.. cache.Engines().Select(cache.Observe).OfType<Compute>()];
    }

    public async Task<Compute?> FindAsync(EngineId engine, CancellationToken ct) =>
        cache.Observe(engine) is { } compute ? await events.ExplainAsync(compute, ct) : null;

    public async Task<Compute> StartAsync(StartRequest request, CancellationToken ct)
    {
        if (cache.Observe(request.Engine) is { } present)
            return present;
        var spec = request.Template.Kubernetes
            ?? throw new EngineStartException(new(Reasons.StartFailed, "The template has no pod for the cluster"));
        // Checked when it was written, but an administrator may have forbidden since what was allowed then.
        if (PodRules.Violations(spec.Pod, allowance).FirstOrDefault() is { Path: not null } violation)
            throw new EngineStartException(new(Reasons.ClusterRefused, $"kubernetes.pod.{violation.Path} {violation.Message}"));
        var disk = disks.For(request.Engine, spec);
        Reason? remark;
        try
        {
            await terms.RequireAsync(term, ct);
            // The disk and the walls around the pod first; each of them needs none of the others.
            var before = _deployments.SeenAsync(request.Engine, ct);
            await Task.WhenAll([before, .. EngineObjects.Parts.Select(kind => ApplyAsync(kind, request, spec, disk, ct))]);
            remark = await _growth.GrowAsync(request, spec, ct);
            if (request.IsSpare && spec.Volume is null)
            {
                await _spares.StartAsync(request, spec, ct);
            }
            else
            {
                await _deployments.StartAsync(
                    request.Engine, await before,
                    version => EngineObjects.Deployment(request, spec, disk, Marks.NewRun(), time.GetUtcNow(), term, version), ct);
            }
        }
        catch (KubernetesException exception) when (ClusterWords.Refusal(exception) is { } refusal)
        {
            throw refusal;
        }
        catch (Exception exception) when (ClusterWords.Away(exception) is { } away)
        {
            throw away;
        }

        Log.Started(log, request.Engine, request.Host, request.OwnerName);
        return cache.Observe(request.Engine) is { } compute
            ? compute with { Remark = remark }
            : throw new InvalidOperationException($"Engine {request.Engine} was started and released at the same time.");
    }

    public async Task<Compute?> GiveAsync(EngineId spare, StartRequest to, CancellationToken ct)
    {
        // A disk can't be attached to a pod that runs.
        if (to.Template.Kubernetes is not { Volume: null } spec || cache.Observe(to.Engine) is not null || _spares.Find(spare) is null)
            return null;
        try
        {
            await terms.RequireAsync(term, ct);
            // The walls around it first.
            await Task.WhenAll(EngineObjects.Parts.Select(kind => ApplyAsync(kind, to, spec, disk: null, ct)));
            if (!await _spares.GiveAsync(spare, to, spec, ct))
                return null;
        }
        catch (Exception exception) when (ClusterWords.Away(exception) is { } away)
        {
            throw away;
        }

        Log.Given(log, spare, to.Engine, to.Host, to.OwnerName);
        return cache.Observe(to.Engine);
    }

    public async Task<TimeSpan?> RepairAsync(StartRequest request, CancellationToken ct)
    {
        if (request.Template.Kubernetes is not { } spec)
            return null;
        var disk = disks.For(request.Engine, spec);
        // Nothing brings a disk back, and a pod goes on with the one it has.
        var changed = EngineObjects.Parts.Where(kind => kind != ResourceKind.PersistentVolumeClaim
            && cache.Part(kind, request.Engine)?.IsLeaving != true && Unlike(kind, request, spec, disk) is not null).ToList();
        var many = cache.Deployment(request.Engine) is { Replicas: > 1 };
        if (changed.Count == 0 && !many)
            return null;
        // Who changes it again and again is not answered each time.
        if (_repaired.TryGetValue(request.Engine, out var at) && time.GetElapsedTime(at) is var since && since < RepairPause)
            return RepairPause - since;
        _repaired[request.Engine] = time.GetTimestamp();
        Log.Repairs(log, request.Engine, request.Host);
        await terms.RequireAsync(term, ct);
        foreach (var kind in changed)
            await ApplyAsync(kind, request, spec, disk, ct);
        // A second pod would wait for the disk for ever, and a machine might be bought for it.
        if (many)
            await _deployments.ChangeAsync(request.Engine, seen => seen.Replicas <= 1 ? null : new(NoMarks, Replicas: 1), ct);
        return RepairPause;
    }

    public async Task StopAsync(EngineId engine, CancellationToken ct)
    {
        if (cache.Observe(engine) is not { Phase: ComputePhase.Pending or ComputePhase.Running })
            return;
        await EndAsync(engine, ct);
        Log.StopAsked(log, engine);
    }

    public async Task KillAsync(EngineId engine, CancellationToken ct)
    {
        if (cache.Deployment(engine) is { Replicas: > 0 })
            await EndAsync(engine, ct);
        // Not by force: that would only make the cluster forget a pod which may run on, and give its disk away. A machine that is gone is
        // waited for.
        var left = cache.Pods(engine).Where(pod => !pod.Finished && (pod.LeavesAt is not { } at || at > time.GetUtcNow() + LastSecond)).ToList();
        if (left.Count == 0)
            return;
        await terms.RequireAsync(term, ct);
        foreach (var pod in left)
            await DeleteAsync(pod, LastSecond, ct);
    }

    public async Task ReleaseAsync(EngineId engine, CancellationToken ct)
    {
        switch (cache.Observe(engine))
        {
            case null:
                return;
            case { Phase: not ComputePhase.Exited }:
                throw new InvalidOperationException($"Engine {engine} still has a pod; stop it first.");
        }

        var pods = cache.Pods(engine);
        if (pods.Any(pod => !pod.Finished))
        {
            // The program has ended, its pod has not; the kubelet would start it again.
            await EndAsync(engine, ct);
            return;
        }

        await _deployments.ChangeAsync(engine, _ => new(new Dictionary<string, string> { [Marks.Run] = "" }), ct);
        foreach (var pod in pods)
            await DeleteAsync(pod, null, ct);
    }

    public async Task RemoveAsync(EngineId engine, bool keepDisk, CancellationToken ct)
    {
        await terms.RequireAsync(term, ct);
        // Asked anew: of all steps this is the one that nothing brings back.
        var pods = await client.ListAsync(ResourceKind.Pod, EngineObjects.Selector(engine), ct);
        if (pods.Items.Select(PodView.From).Any(pod => !pod.Finished))
            throw new InvalidOperationException($"Engine {engine} still has a pod; stop it first.");
        ResourceKind[] kinds = [ResourceKind.Deployment, .. EngineObjects.Parts.Where(kind => !keepDisk || kind != ResourceKind.PersistentVolumeClaim)];
        foreach (var kind in kinds)
        {
            var item = await client.FindAsync(kind, Marks.NameOf(engine), ct);
            if (item.At("metadata").Text("uid") is { } uid)
                await client.DeleteAsync(kind, Marks.NameOf(engine), uid, null, ct);
        }
    }

    public async IAsyncEnumerable<EngineId> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var compute in await ListAsync(ct))
            yield return compute.Engine;
        await foreach (var engine in cache.ChangesAsync(ct))
            yield return engine;
    }

    private async Task ApplyAsync(ResourceKind kind, StartRequest request, KubernetesRuntime spec, DiskContainer? disk, CancellationToken ct)
    {
        if (Unlike(kind, request, spec, disk) is not { } wanted)
            return;
        if (cache.Part(kind, request.Engine)?.IsLeaving == true)
            throw new EngineStartException(new(Reasons.ClusterRefused, $"its {kind.Kind} is being deleted; it can start once that is over"));
        cache.Took(kind, await client.ApplyAsync(kind, wanted, force: true, ct));
    }

    /// <summary>What has to be applied; null: it is there as it shall be.</summary>
    private JsonObject? Unlike(ResourceKind kind, StartRequest request, KubernetesRuntime spec, DiskContainer? disk)
    {
        if (EngineObjects.Part(kind, request, spec, disk, options.Value) is not { } wanted)
            return null;
        return cache.Part(kind, request.Engine) switch
        {
            null or { IsLeaving: true } => wanted,
            // A disk stays as it was made: nearly nothing about it can be changed.
            { } known => kind == ResourceKind.PersistentVolumeClaim || known.Is(wanted) ? null : wanted,
        };
    }

    private async Task EndAsync(EngineId engine, CancellationToken ct)
    {
        foreach (var pod in cache.Pods(engine).Where(pod => pod is { Start: not null, LeavesAt: null }))
        {
            await terms.RequireAsync(term, ct);
            await DeleteAsync(pod, null, ct);
        }

        await _deployments.ChangeAsync(engine, seen =>
        {
            if (seen.Replicas == 0)
                return null;
            var last = cache.Observe(engine);
            return new(
                new Dictionary<string, string>
                {
                    [Marks.StoppedAt] = Marks.Text(time.GetUtcNow()),
                    [Marks.Pod] = last?.Uid ?? "",
                    [Marks.PodStartedAt] = Marks.Text(last?.StartedAt),
                },
                Replicas: 0);
        }, ct);
    }

    /// <summary>One that stands by itself only as it was seen: it may have been given to somebody since.</summary>
    private Task<bool> DeleteAsync(PodView pod, TimeSpan? grace, CancellationToken ct) =>
        client.DeleteAsync(ResourceKind.Pod, pod.Name, pod.Uid, grace, ct, pod.Start is null ? null : pod.Version);

    /// <summary>What keeps the cluster from being asked at all is said in words for people.</summary>
    private static async Task TellAsync(Task asked)
    {
        try
        {
            await asked;
        }
        catch (Exception exception) when (ClusterWords.Away(exception) is { } away)
        {
            throw away;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Started engine {Engine} ({Host}) of {Owner} in the cluster")]
        public static partial void Started(ILogger logger, EngineId engine, string host, string owner);

        [LoggerMessage(2, LogLevel.Information, "Asked the pod of engine {Engine} to end")]
        public static partial void StopAsked(ILogger logger, EngineId engine);

        [LoggerMessage(4, LogLevel.Information, "Gave the pod of spare {Spare} to engine {Engine} ({Host}) of {Owner}")]
        public static partial void Given(ILogger logger, EngineId spare, EngineId engine, string host, string owner);

        [LoggerMessage(3, LogLevel.Warning, "Somebody has changed what belongs to engine {Engine} ({Host}) in the cluster; making it good")]
        public static partial void Repairs(ILogger logger, EngineId engine, string host);
    }
}
