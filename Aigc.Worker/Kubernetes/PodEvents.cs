using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>
/// What a pod that has its machine does before it begins, and what holds it up, such as a disk that another machine still has: only
/// events tell. They are asked for when that lasts, and not often.
/// </summary>
internal sealed partial class PodEvents(KubernetesClient client, TimeProvider time)
{
    private static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(4);

    /// <summary>However many pods there are to ask about.</summary>
    private const double RequestsPerSecond = 5;

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
        if (!_last.TryGetValue(compute.Engine, out var last) || last.Uid != compute.Uid || time.GetElapsedTime(last.At) > Age)
        {
            var events = await client.ListAsync(ResourceKind.Event, null, cancellationToken, $"involvedObject.uid={compute.Uid}");
            _last[compute.Engine] = last = (compute.Uid, time.GetTimestamp(), ReasonOf(events.Items));
        }

        return compute with { Waiting = last.Reason ?? compute.Waiting };
    }

    private TimeSpan Age => Freshness * Math.Max(1, _last.Count / (RequestsPerSecond * Freshness.TotalSeconds));

    /// <summary>By the newest event: what was wrong before may be over. Their times are whole seconds; of one second what is wrong came last.</summary>
    internal static Reason? ReasonOf(IEnumerable<JsonObject> events) => events
        .Select(one => (At: one.Time("lastTimestamp") ?? one.Time("eventTime") ?? one.At("metadata").Time("creationTimestamp"), Reason: ReasonOf(one)))
        .OrderByDescending(one => one.At).ThenByDescending(one => one.Reason?.Code switch { null => 0, Reasons.Pulling => 1, Reasons.Unpacked => 2, _ => 3 })
        .FirstOrDefault().Reason;

    private static Reason? ReasonOf(JsonObject one)
    {
        var message = one.Text("message") ?? "";
        return one.Text("reason") switch
        {
            "FailedAttachVolume" when message.Contains("Multi-Attach", StringComparison.Ordinal) => new(Reasons.DiskElsewhere, ClusterWords.Short(message)),
            "FailedAttachVolume" or "FailedMount" or "FailedMapVolume" => new(Reasons.DiskPending, ClusterWords.Short(message)),
            "Pulling" => new(Reasons.Pulling, Quoted().Match(message) is { Success: true } image ? image.Groups[1].Value : null),
            "Pulled" or "Created" => new(Reasons.Unpacked),
            "FailedCreatePodSandBox" => new(Reasons.NotAsTemplated, ClusterWords.Short(message)),
            _ => null,
        };
    }

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}
