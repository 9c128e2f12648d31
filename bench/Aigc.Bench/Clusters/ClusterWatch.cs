using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Bench.Clusters;

/// <summary>Follows the engines' objects of one kind for as long as it lives, and ends the client with it.</summary>
internal abstract class ClusterWatch : IAsyncDisposable
{
    private readonly KubernetesClient _client;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watch;

    protected ClusterWatch(KubernetesClient client, ResourceKind kind)
    {
        _client = client;
        _watch = WatchAsync(kind, _end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _client.Dispose();
    }

    protected abstract void Take(WatchEvent change);

    private async Task WatchAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        await foreach (var change in _client.WatchAsync(kind, Marks.EngineLabel, cancellationToken))
            Take(change);
    }
}
