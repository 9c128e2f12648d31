using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>Sees which pods people were given to work with.</summary>
internal sealed class ReadyWatch(ClusterPlant plant)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, bool> _pods = new();

    public IEnumerable<string> Pods => _pods.Keys;

    public async Task FollowAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var row in (await plant.Engines.ListAllAsync(CancellationToken.None)).Where(row => row.State == EngineState.Ready))
                _pods[row.RuntimeUid!] = true;
            await Task.Delay(Interval, TimeProvider.System, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
