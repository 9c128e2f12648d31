using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>What engines write, from their pods: gone with them.</summary>
internal sealed class KubernetesEngineLogs(KubernetesClient client) : IEngineLogs
{
    public async Task<string> ReadTailAsync(EngineId engine, int lines, CancellationToken ct)
    {
        try
        {
            var pods = await client.ListAsync(ResourceKind.Pod, EngineObjects.Selector(engine), ct);
            if (pods.Items.Select(PodView.From).MaxBy(pod => pod.CreatedAt) is not { PlacedAt: not null } pod)
                return "";
            // What the engine said before the kubelet started it again tells why.
            return (pod.Ended is null ? null : await ReadAsync(pod, lines, previous: true, ct)) ?? await ReadAsync(pod, lines, previous: false, ct) ?? "";
        }
        catch (KubernetesException exception) when (exception.IsTransient)
        {
            // The machine does not answer; that is told elsewhere.
            return "";
        }
    }

    /// <summary>Null where there is none, such as before its container has begun.</summary>
    private async Task<string?> ReadAsync(PodView pod, int lines, bool previous, CancellationToken ct)
    {
        try
        {
            return await client.ReadLogAsync(pod.Name, pod.Container, lines, previous, ct);
        }
        catch (KubernetesException exception) when (exception.IsNotFound || exception.Status == System.Net.HttpStatusCode.BadRequest)
        {
            return null;
        }
    }
}
