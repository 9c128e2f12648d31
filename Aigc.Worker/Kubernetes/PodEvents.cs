using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>
/// What holds up a pod that has its machine and does not begin, such as a disk that another machine still has: only events tell.
/// They are asked for when that lasts, and not often.
/// </summary>
internal sealed class PodEvents(KubernetesClient client, TimeProvider time)
{
    private static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<EngineId, (string Uid, long At, Reason? Reason)> _last = new();

    /// <returns>The compute, with a better word for what it waits for where there is one.</returns>
    public async ValueTask<Compute> ExplainAsync(Compute compute, CancellationToken cancellationToken)
    {
        if (compute is not { Phase: ComputePhase.Running, Waiting.Code: Reasons.Fetching })
        {
            _last.TryRemove(compute.Engine, out _);
            return compute;
        }

        if (time.GetUtcNow() - compute.PhaseSince < Unremarkable)
            return compute;
        if (!_last.TryGetValue(compute.Engine, out var last) || last.Uid != compute.Uid || time.GetElapsedTime(last.At) > Freshness)
        {
            var events = await client.ListAsync(ResourceKind.Event, null, cancellationToken, $"involvedObject.uid={compute.Uid}");
            _last[compute.Engine] = last = (compute.Uid, time.GetTimestamp(), ReasonOf(events.Items));
        }

        return compute with { Waiting = last.Reason ?? compute.Waiting };
    }

    /// <summary>By the newest event: what was wrong before may be over. Their times are whole seconds; of one second what is wrong came last.</summary>
    internal static Reason? ReasonOf(IEnumerable<JsonObject> events) => events
        .Select(one => (At: one.Time("lastTimestamp") ?? one.Time("eventTime") ?? one.At("metadata").Time("creationTimestamp"), Reason: ReasonOf(one)))
        .OrderByDescending(one => one.At).ThenByDescending(one => one.Reason is not null)
        .FirstOrDefault().Reason;

    private static Reason? ReasonOf(JsonObject one)
    {
        var message = one.Text("message") ?? "";
        return one.Text("reason") switch
        {
            "FailedAttachVolume" when message.Contains("Multi-Attach", StringComparison.Ordinal) => new(Reasons.DiskElsewhere, ClusterWords.Short(message)),
            "FailedAttachVolume" or "FailedMount" or "FailedMapVolume" => new(Reasons.DiskPending, ClusterWords.Short(message)),
            "FailedCreatePodSandBox" => new(Reasons.NotAsTemplated, ClusterWords.Short(message)),
            _ => null,
        };
    }
}
