using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Bench.Clusters;

/// <summary>When, and so in which order, Deployments were asked for a pod.</summary>
internal sealed class Starts(KubernetesClient client) : ClusterWatch(client, ResourceKind.Deployment)
{
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(EngineId Engine, long At)> _started = [];

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

    protected override void Take(WatchEvent change)
    {
        if (change is WatchEvent.Listed)
            _listed.TrySetResult();
        if (change is not WatchEvent.Changed { Item: var item } || item.At("spec").Number("replicas") != 1)
            return;
        lock (_started)
            _started.Add((new(item.At("metadata").At("labels").Text(Marks.EngineLabel)!), TimeProvider.System.GetTimestamp()));
    }
}
