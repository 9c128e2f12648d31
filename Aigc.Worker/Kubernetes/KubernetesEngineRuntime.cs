using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Kubernetes.Files;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Kubernetes;

/// <summary>
/// Engines as pods: of each a Deployment with no or one replica, a claim that is its disk, a Service and a NetworkPolicy.
/// All state is in the cluster's objects. Before each change the newest term is asked for, and a Deployment is changed only
/// as it was seen, so that a leader that was replaced changes nothing that its successor has touched.
/// </summary>
internal sealed partial class KubernetesEngineRuntime(
    Term term, KubernetesClient client, ClusterCache cache, PodEvents events, TermLease terms, PodAllowance allowance, DiskContainers disks,
    IOptions<KubernetesOptions> options, TimeProvider time, ILogger<KubernetesEngineRuntime> log)
    : IEngineRuntime
{
    private bool _begun;

    public async Task BeginTermAsync(CancellationToken ct)
    {
        await terms.BeginAsync(term, ct);
        // After it: what an earlier leader has done is in the lists, and what it does now is refused.
        if (!_begun)
            cache.Begin();
        _begun = true;
    }

    public async Task<IReadOnlyList<Compute>> ListAsync(CancellationToken ct)
    {
        await cache.ListedAsync(ct);
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
        try
        {
            await terms.RequireAsync(term, ct);
            foreach (var kind in EngineObjects.Parts)
                await ApplyAsync(kind, request, spec, disk, ct);
            var before = await client.FindAsync(ResourceKind.Deployment, Marks.NameOf(request.Engine), ct);
            Refuse(before);
            // Another may have started it that no watch has told of yet.
            var isThere = before is not null && DeploymentView.From(before).Run is not null;
            var now = isThere ? before! : await client.ApplyAsync(
                ResourceKind.Deployment,
                EngineObjects.Deployment(request, spec, disk, Guid.NewGuid().ToString("N"), time.GetUtcNow(), term, before.At("metadata").Text("resourceVersion")),
                force: true, ct);
            cache.Took(ResourceKind.Deployment, now);
        }
        catch (KubernetesException exception) when (ClusterWords.Refusal(exception) is { } refusal)
        {
            throw refusal;
        }

        Log.Started(log, request.Engine, request.Host, request.OwnerName);
        return cache.Observe(request.Engine)
            ?? throw new InvalidOperationException($"Engine {request.Engine} was started and released at the same time.");
    }

    public async Task StopAsync(EngineId engine, CancellationToken ct)
    {
        if (cache.Observe(engine) is not { Phase: ComputePhase.Pending or ComputePhase.Running })
            return;
        await ScaleDownAsync(engine, ct);
        Log.StopAsked(log, engine);
    }

    public async Task KillAsync(EngineId engine, CancellationToken ct)
    {
        if (cache.Deployment(engine) is { Replicas: > 0 })
            await ScaleDownAsync(engine, ct);
        // Not by force: that would only make the cluster forget a pod which may run on, and give its disk away. A machine that is gone is
        // waited for.
        var left = cache.Pods(engine).Where(pod => !pod.Finished && (pod.LeavesAt is not { } at || at > time.GetUtcNow() + LastSecond)).ToList();
        if (left.Count == 0)
            return;
        await terms.RequireAsync(term, ct);
        foreach (var pod in left)
            await client.DeleteAsync(ResourceKind.Pod, pod.Name, pod.Uid, LastSecond, ct);
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
            await ScaleDownAsync(engine, ct);
            return;
        }

        await ChangeAsync(engine, _ => new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Marks.Run] = "" } } }, ct);
        foreach (var pod in pods)
            await client.DeleteAsync(ResourceKind.Pod, pod.Name, pod.Uid, null, ct);
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

    private static readonly TimeSpan LastSecond = TimeSpan.FromSeconds(1);

    private async Task ApplyAsync(ResourceKind kind, StartRequest request, KubernetesRuntime spec, DiskContainer? disk, CancellationToken ct)
    {
        if (EngineObjects.Part(kind, request, spec, disk, options.Value) is not { } wanted)
            return;
        var known = cache.Part(kind, request.Engine);
        if (known?.IsLeaving == true)
            throw new EngineStartException(new(Reasons.ClusterRefused, $"its {kind.Kind} is being deleted; it can start once that is over"));
        if (known?.Applied == wanted.Mark(Marks.Applied))
            return;
        // A disk stays as it was made: nearly nothing about it can be changed.
        if (known is not null && kind == ResourceKind.PersistentVolumeClaim)
            return;
        cache.Took(kind, await client.ApplyAsync(kind, wanted, force: true, ct));
    }

    private Task ScaleDownAsync(EngineId engine, CancellationToken ct) => ChangeAsync(engine, seen => seen.Replicas == 0 ? null : new()
    {
        ["metadata"] = new JsonObject
        {
            ["annotations"] = new JsonObject
            {
                [Marks.StoppedAt] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                [Marks.Pod] = cache.Observe(engine)?.Uid ?? "",
            },
        },
        ["spec"] = new JsonObject { ["replicas"] = 0 },
    }, ct);

    /// <summary>Changes the Deployment, if it is there and <paramref name="change"/> finds something to change.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun, or has changed it.</exception>
    private async Task ChangeAsync(EngineId engine, Func<DeploymentView, JsonObject?> change, CancellationToken ct)
    {
        await terms.RequireAsync(term, ct);
        while (true)
        {
            var seen = await client.FindAsync(ResourceKind.Deployment, Marks.NameOf(engine), ct);
            Refuse(seen);
            if (seen is null || change(DeploymentView.From(seen)) is not { } patch)
                return;
            patch["metadata"]!["resourceVersion"] = seen.At("metadata").Text("resourceVersion");
            patch["metadata"]!["annotations"]![Marks.Term] = term.ToString();
            try
            {
                cache.Took(ResourceKind.Deployment, await client.MergeAsync(ResourceKind.Deployment, Marks.NameOf(engine), patch, ct));
                return;
            }
            catch (KubernetesException exception) when (exception.IsConflict)
            {
                // The cluster's own controllers write to it all the time.
            }
        }
    }

    private void Refuse(JsonObject? deployment)
    {
        if (deployment is not null && DeploymentView.From(deployment).Term is var newest && newest > term.Number)
            throw new NotLeadingException(term, newest);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Started engine {Engine} ({Host}) of {Owner} in the cluster")]
        public static partial void Started(ILogger logger, EngineId engine, string host, string owner);

        [LoggerMessage(2, LogLevel.Information, "Asked the pod of engine {Engine} to end")]
        public static partial void StopAsked(ILogger logger, EngineId engine);
    }
}
