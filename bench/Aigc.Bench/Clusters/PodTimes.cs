using System.Collections.Concurrent;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Bench.Clusters;

/// <summary>When each pod was there and when it was ready, by this process's clock: what the API server writes has whole seconds.</summary>
internal sealed class PodTimes : IAsyncDisposable
{
    private readonly KubernetesClient _client;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, Pod> _pods = new();
    private readonly Task _watch;

    private sealed record Pod(string Engine, long Added, long? Ready);

    public PodTimes(KubernetesClient client)
    {
        _client = client;
        _watch = WatchAsync(_end.Token);
    }

    /// <summary>Of the newest pod of an engine, once it is ready.</summary>
    public (long Added, long Ready)? Newest(string engine) =>
        _pods.Values.Where(pod => pod.Engine == engine).MaxBy(pod => pod.Added) is { Ready: { } ready } pod ? (pod.Added, ready) : null;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _client.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _client.WatchAsync(ResourceKind.Pod, Marks.EngineLabel, cancellationToken))
        {
            if (change is not WatchEvent.Changed { Item: var item })
                continue;
            var now = TimeProvider.System.GetTimestamp();
            var metadata = item.At("metadata");
            var ready = item.At("status").Items("conditions").Any(one => one.Text("type") == "Ready" && one.Text("status") == "True");
            _pods.AddOrUpdate(
                metadata.Text("uid")!,
                _ => new(metadata.At("labels").Text(Marks.EngineLabel)!, now, ready ? now : null),
                (_, pod) => pod with { Ready = pod.Ready ?? (ready ? now : null) });
        }
    }
}
