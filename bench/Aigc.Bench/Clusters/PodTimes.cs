using System.Collections.Concurrent;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Bench.Clusters;

/// <summary>When each pod was there and when it was ready, by this process's clock: what the API server writes has whole seconds.</summary>
internal sealed class PodTimes(KubernetesClient client) : ClusterWatch(client, ResourceKind.Pod)
{
    private readonly ConcurrentDictionary<string, Pod> _pods = new();

    private sealed record Pod(string Engine, long Added, long? Ready);

    /// <summary>Of the newest pod of an engine, once it is ready.</summary>
    public (long Added, long Ready)? Newest(string engine) =>
        _pods.Values.Where(pod => pod.Engine == engine).MaxBy(pod => pod.Added) is { Ready: { } ready } pod ? (pod.Added, ready) : null;

    protected override void Take(WatchEvent change)
    {
        if (change is not WatchEvent.Changed { Item: var item })
            return;
        var now = TimeProvider.System.GetTimestamp();
        var metadata = item.At("metadata");
        var ready = item.At("status").Items("conditions").Any(one => one.Text("type") == "Ready" && one.Text("status") == "True");
        _pods.AddOrUpdate(
            metadata.Text("uid")!,
            _ => new(metadata.At("labels").Text(Marks.EngineLabel)!, now, ready ? now : null),
            (_, pod) => pod with { Ready = pod.Ready ?? (ready ? now : null) });
    }
}
