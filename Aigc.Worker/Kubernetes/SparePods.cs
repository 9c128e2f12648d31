using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>Pods of spares: each stands by itself, so that its labels can say another engine's name.</summary>
internal sealed class SparePods(Term term, KubernetesClient client, ClusterCache cache, TimeProvider time)
{
    /// <summary>Its machine, too, writes on a pod, most of all when it has just become ready.</summary>
    private const int Attempts = 4;

    public async Task StartAsync(StartRequest request, KubernetesRuntime spec, CancellationToken ct) =>
        cache.Took(ResourceKind.Pod, await client.CreateAsync(ResourceKind.Pod, EngineObjects.Spare(request, spec, Marks.NewRun(), time.GetUtcNow(), term), ct));

    /// <summary>Null: there is none that could be given.</summary>
    public PodView? Find(EngineId spare) =>
        cache.Pods(spare) is [{ Start: not null, LeavesAt: null, IsRunning: true } pod] ? pod : null;

    /// <returns>False when it can't be given any more.</returns>
    public async Task<bool> GiveAsync(EngineId spare, StartRequest to, KubernetesRuntime spec, CancellationToken ct)
    {
        for (var attempt = 1; Find(spare) is { } pod; attempt++)
        {
            try
            {
                var given = EngineObjects.Given(pod, to, spec, Marks.NewRun(), time.GetUtcNow(), term);
                cache.Took(ResourceKind.Pod, await client.MergeAsync(ResourceKind.Pod, pod.Name, given, ct));
                return true;
            }
            catch (KubernetesException exception) when (exception.IsConflict && attempt < Attempts)
            {
                foreach (var item in (await client.ListAsync(ResourceKind.Pod, EngineObjects.Selector(spare), ct)).Items)
                    cache.Took(ResourceKind.Pod, item);
            }
            catch (KubernetesException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                return false;
            }
        }

        return false;
    }
}
