using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>
/// What the cluster has of all engines, listed once and then followed by watches: looking costs no request.
/// While the API server is away the last that is known stays.
/// </summary>
internal sealed partial class ClusterCache(KubernetesClient client, TimeProvider time, ILogger<ClusterCache> logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(15);

    /// <summary>How long the first lists may take before whoever waits for them is told why.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly KindCache<DeploymentView> _deployments = new(DeploymentView.From);
    private readonly KindCache<PodView> _pods = new(PodView.From);
    private readonly Dictionary<ResourceKind, KindCache<ObjectView>> _parts = EngineObjects.Parts.ToDictionary(kind => kind, _ => new KindCache<ObjectView>(ObjectView.From));
    private readonly ConcurrentDictionary<EngineId, string> _lastPods = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<EngineId, bool> _changed = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private IReadOnlyList<(Task Listed, Task Follow)> _watches = [];
    private volatile Exception? _trouble;

    public bool HasBegun => _watches.Count > 0;

    /// <summary>Lists, and follows from then on.</summary>
    public void Begin() => _watches =
    [
        Follow(ResourceKind.Deployment, _deployments),
        Follow(ResourceKind.Pod, _pods),
        .. _parts.Select(part => Follow(part.Key, part.Value)),
    ];

    /// <summary>Returns once everything has been listed; throws what keeps it from that.</summary>
    public async Task ListedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_watches.Select(watch => watch.Listed)).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw _trouble ?? new TimeoutException($"The Kubernetes API server {client.Server} has not listed everything within {Patience.TotalSeconds:0} s.", exception);
        }
    }

    public IEnumerable<EngineId> Engines() => _deployments.Engines().Union(_pods.Engines());

    public Compute? Observe(EngineId engine)
    {
        var (deployment, pods) = (Deployment(engine), Pods(engine));
        var compute = Observation.Of(engine, deployment, pods, Part(ResourceKind.PersistentVolumeClaim, engine), time.GetUtcNow());
        if (compute is null)
            _lastPods.TryRemove(engine, out _);
        else if (compute is { Phase: not (ComputePhase.Pending or ComputePhase.Exited) })
            _lastPods[engine] = compute.Uid;
        // Whoever scaled it down by hand has not noted which pod that was.
        else if (compute.Phase == ComputePhase.Exited && deployment?.Pod is null && pods.Count == 0 && _lastPods.TryGetValue(engine, out var last))
            return compute with { Uid = last };
        return compute;
    }

    public DeploymentView? Deployment(EngineId engine) => _deployments.Of(engine) is [var one, ..] ? one : null;

    public IReadOnlyList<PodView> Pods(EngineId engine) => _pods.Of(engine);

    public ObjectView? Part(ResourceKind kind, EngineId engine) => _parts[kind].Of(engine) is [var one, ..] ? one : null;

    /// <summary>The server's answer to a change of ours: known before a watch tells.</summary>
    public void Took(ResourceKind kind, JsonObject item)
    {
        if (kind == ResourceKind.Deployment)
            _deployments.Take(item);
        else if (kind == ResourceKind.Pod)
            _pods.Take(item);
        else
            _parts[kind].Take(item);
    }

    /// <summary>Each engine whose objects changed.</summary>
    public async IAsyncEnumerable<EngineId> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _signal.Reader.WaitToReadAsync(cancellationToken))
        {
            _signal.Reader.TryRead(out _);
            foreach (var engine in _changed.Keys)
            {
                if (_changed.TryRemove(engine, out _))
                    yield return engine;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var (_, follow) in _watches)
            await follow.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private (Task Listed, Task Follow) Follow<T>(ResourceKind kind, KindCache<T> cache)
        where T : class
    {
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (listed.Task, FollowAsync(kind, cache, listed, _end.Token));
    }

    private async Task FollowAsync<T>(ResourceKind kind, KindCache<T> cache, TaskCompletionSource listed, CancellationToken cancellationToken)
        where T : class
    {
        for (var pause = FirstRetry; ; pause = pause * 2 < LastRetry ? pause * 2 : LastRetry)
        {
            try
            {
                await foreach (var change in client.WatchAsync(kind, Marks.EngineLabel, cancellationToken))
                {
                    pause = FirstRetry;
                    Take(cache, change);
                    if (change is WatchEvent.Listed)
                        listed.TrySetResult();
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Whatever it is, such as a right that is missing or a server that is away: what is known stays, and it is asked again.
                _trouble = exception;
                Log.Interrupted(logger, exception, kind, pause);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private void Take<T>(KindCache<T> cache, WatchEvent change)
        where T : class
    {
        IEnumerable<EngineId> changed = change switch
        {
            WatchEvent.Listed all => cache.Replace(all.List.Items, all.List.ResourceVersion),
            WatchEvent.Changed one => cache.Take(one.Item),
            WatchEvent.Deleted one => cache.Remove(one.Item),
            _ => [],
        };
        foreach (var engine in changed)
            _changed[engine] = true;
        _signal.Writer.TryWrite(true);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The cluster's {Kind} can't be followed; trying again in {Pause}")]
        public static partial void Interrupted(ILogger logger, Exception exception, ResourceKind kind, TimeSpan pause);
    }
}
