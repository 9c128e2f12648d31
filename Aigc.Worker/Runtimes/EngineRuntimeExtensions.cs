using Aigc.Worker.Kubernetes;
using Aigc.Worker.Local;

namespace Aigc.Worker.Runtimes;

public static class EngineRuntimeExtensions
{
    private const string Key = "Worker:Runtime";

    /// <summary>Where engines run. Local processes, unless this worker runs in a cluster or is given a kubeconfig of its own.</summary>
    /// <exception cref="FormatException">The setting is not a word that is known.</exception>
    public static IHostApplicationBuilder AddEngineRuntime(this IHostApplicationBuilder builder) => builder.Configuration[Key] switch
    {
        null or "" or "auto" => IsForCluster(builder.Configuration) ? builder.AddKubernetesRuntime() : builder.AddLocalRuntime(),
        "local" => builder.AddLocalRuntime(),
        "kubernetes" => builder.AddKubernetesRuntime(),
        var other => throw new FormatException($"{Key} must be local, kubernetes or auto, not '{other}'."),
    };

    /// <summary>KUBECONFIG alone says nothing: who has one for other work still wants engines on this machine.</summary>
    private static bool IsForCluster(IConfiguration configuration) =>
        configuration[$"{KubernetesOptions.Section}:{nameof(KubernetesOptions.Kubeconfig)}"] is { Length: > 0 }
        || Kubernetes.Client.ClusterAccess.IsInCluster;
}
