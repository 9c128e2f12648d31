using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>What claims ask for: that is paid for, whatever lies there.</summary>
internal sealed class KubernetesDiskSizes(ClusterCache cache) : IDiskSizes
{
    public TimeSpan GoodFor => TimeSpan.Zero;

    public async Task<long?> SizeAsync(EngineId engine, CancellationToken cancellationToken)
    {
        // What has not been listed is not gone.
        if (!cache.HasBegun)
            return null;
        await cache.ListedAsync(cancellationToken);
        return cache.Part(ResourceKind.PersistentVolumeClaim, engine)?.Size is { } size && Quantity.Parse(size) is { } bytes ? (long)bytes : 0;
    }
}
