using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aigc.Disks;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Worker.Kubernetes.Files;

/// <summary>Where the disks of engines are shown. A page of pictures is one question to the API server, whoever asks for it how often.</summary>
internal sealed class DiskPods(KubernetesClient client, TimeProvider time)
{
    /// <summary>Shorter than a pod's address takes to become another's.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(250);
    private const int MostRemembered = 1_000;

    private readonly ConcurrentDictionary<EngineId, (long At, Task<ObjectList> Pods)> _asked = new();

    /// <exception cref="DiskException">It is not shown, and why.</exception>
    public async Task<Uri> FindAsync(EngineId engine, CancellationToken ct)
    {
        if (!_asked.TryGetValue(engine, out var last) || time.GetElapsedTime(last.At) >= Freshness)
        {
            if (_asked.Count >= MostRemembered)
                _asked.Clear();
            // Others wait for the same answer: it outlives whoever asked first.
            _asked[engine] = last = (time.GetTimestamp(), client.ListAsync(ResourceKind.Pod, EngineObjects.Selector(engine), CancellationToken.None));
        }

        return AddressIn((await last.Pods.WaitAsync(ct)).Items);
    }

    /// <summary>The pod that was found does not answer: looks anew, but not for each of many who notice at once.</summary>
    public void Forget(EngineId engine)
    {
        if (_asked.TryGetValue(engine, out var last) && time.GetElapsedTime(last.At) >= JustNow)
            _asked.TryRemove(engine, out _);
    }

    /// <exception cref="DiskException">None of these pods shows it, and why.</exception>
    internal static Uri AddressIn(IEnumerable<JsonObject> pods)
    {
        var newest = pods.Where(item => PodView.From(item) is { LeavesAt: null, Finished: false }).MaxBy(item => PodView.From(item).CreatedAt)
            ?? throw DiskTrouble.Asleep();
        var spec = newest.At("spec");
        if (spec.Items("containers").FirstOrDefault(container => container.Text("name") == DiskContainer.Name) is not { } container)
        {
            throw DiskContainers.IsOnHostNetwork(spec) || !spec.Items("volumes").Any(volume => volume.Text("name") == EngineObjects.Disk)
                ? DiskTrouble.NotHere()
                : DiskTrouble.NeedsRestart();
        }

        var state = newest.At("status").Items("containerStatuses").FirstOrDefault(status => status.Text("name") == DiskContainer.Name).At("state");
        return PodView.From(newest).Ip is { } ip && state.At("running") is not null && container.Items("ports").FirstOrDefault().Number("containerPort") is { } port
            ? new UriBuilder("http", ip, (int)port).Uri
            : throw DiskTrouble.NotReady(state.At("waiting").Text("reason"));
    }
}
