using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>Sees each change of the cluster's objects as it happens, whatever the API server's clients see.</summary>
internal sealed class PodWatch(ObjectStore store, Journal journal)
{
    private readonly ConcurrentDictionary<string, Life> _lives = new();

    /// <param name="Placed">When it got its machine; null: never.</param>
    /// <param name="Gone">When it was gone, or had ended for good; null: it is there.</param>
    public sealed record Life(string Uid, string Engine, string Name, DateTimeOffset? Placed, DateTimeOffset? Gone);

    public IReadOnlyCollection<Life> Lives => [.. _lives.Values];

    /// <summary>Engines whose claim is gone.</summary>
    public ConcurrentBag<string> ClaimsGone { get; } = [];

    public async Task FollowAsync(CancellationToken end)
    {
        var version = 0L;
        while (!end.IsCancellationRequested)
        {
            var (changes, upTo, more) = store.Since(version);
            version = upTo;
            foreach (var change in changes.Where(change => change.Key.Namespace == ClusterPlant.Namespace))
                Take(change);
            await more.WaitAsync(end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(Change change)
    {
        if (!change.After.Labels.TryGetValue("aigc/engine", out var engine))
            return;
        if (change.Key.Type == ResourceType.PersistentVolumeClaim && change.IsDeletion)
            ClaimsGone.Add(engine);
        if (change.Key.Type != ResourceType.Pod)
            return;
        var now = TimeProvider.System.GetUtcNow();
        var pod = change.After.Read();
        var gone = change.IsDeletion || change.After.Fields["status.phase"] is "Succeeded" or "Failed";
        var placed = change.After.Fields["spec.nodeName"].Length == 0 ? null
            : pod.Each("status", "conditions").FirstOrDefault(one => one.Text("type") == "PodScheduled").Text("lastTransitionTime") ?? pod.Text("metadata", "creationTimestamp");
        var before = _lives.GetValueOrDefault(change.After.Uid);
        _lives[change.After.Uid] = new(
            change.After.Uid, engine, change.Key.Name,
            before?.Placed ?? (placed is null ? null : DateTimeOffset.Parse(placed, CultureInfo.InvariantCulture)),
            before?.Gone ?? (gone ? now : null));
        if (before is null || (gone && before.Gone is null) || (before.Placed is null && placed is not null))
            journal.Add($"pod {change.Key.Name} {change.After.Uid} {(gone ? "is gone" : placed is null ? "waits" : $"is on {change.After.Fields["spec.nodeName"]}")}");
    }
}
