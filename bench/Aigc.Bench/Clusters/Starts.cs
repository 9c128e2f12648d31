using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Bench.Clusters;

/// <summary>When, and so in which order, Deployments were asked for a pod.</summary>
internal sealed class Starts : IAsyncDisposable
{
    private readonly KubernetesClient _client;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(EngineId Engine, long At)> _started = [];
    private readonly Task _watch;

    public Starts(KubernetesClient client)
    {
        _client = client;
        _watch = WatchAsync(_end.Token);
    }

    public Task Listed => _listed.Task;

    /// <summary>The first one after that time.</summary>
    public long First(string engine, long after)
    {
        lock (_started)
            return _started.Find(start => start.Engine.Value == engine && start.At > after).At;
    }

    /// <summary>How many places the luckiest engine started before its turn.</summary>
    public int MostAhead(IReadOnlyList<EngineId> asked)
    {
        lock (_started)
        {
            var order = _started.Select(start => start.Engine).Where(asked.Contains).Distinct().ToList();
            return asked.Select((engine, place) => place - order.IndexOf(engine)).Max();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _client.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _client.WatchAsync(ResourceKind.Deployment, Marks.EngineLabel, cancellationToken))
        {
            if (change is WatchEvent.Listed)
                _listed.TrySetResult();
            if (change is not WatchEvent.Changed { Item: var item } || item.At("spec").Number("replicas") != 1)
                continue;
            lock (_started)
                _started.Add((new(item.At("metadata").At("labels").Text(Marks.EngineLabel)!), TimeProvider.System.GetTimestamp()));
        }
    }
}
