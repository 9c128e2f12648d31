using Aigc.Worker.Kubernetes.Client;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Kubernetes;

/// <summary>Engines as pods of a cluster; section <c>Kubernetes</c>.</summary>
public sealed class KubernetesOptions
{
    public const string Section = "Kubernetes";

    /// <summary>A kubeconfig file; empty: the cluster that this worker runs in, else KUBECONFIG, else <c>~/.kube/config</c>.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>A context of the kubeconfig; empty: its current one.</summary>
    public string? Context { get; set; }

    /// <summary>Where engines live, this gateway's alone; empty: the one of the context, or of the worker's own pod.</summary>
    public string? Namespace { get; set; }

    /// <summary>What the API server may be asked at most, in the long run.</summary>
    public int RequestsPerSecond { get; set; } = 50;

    /// <summary>What it may be asked at once.</summary>
    public int Burst { get; set; } = 200;

    /// <summary>Labels of the pods that may reach engines: proxy and worker.</summary>
    public Dictionary<string, string> GatewayPods { get; } = [];

    /// <summary>Labels of the namespace where those are; none: the worker's own in a cluster, else the engines'.</summary>
    public Dictionary<string, string> GatewayNamespace { get; } = [];

    public KubernetesFilesOptions Files { get; } = new();

    /// <exception cref="InvalidDataException">What is wrong with the kubeconfig, and where.</exception>
    internal ClusterAccess Access(TimeProvider time)
    {
        var access = Kubeconfig is { Length: > 0 } file ? KubeConfig.Read(file, NullIfEmpty(Context), time)
            : ClusterAccess.InCluster(time) ?? KubeConfig.Read(DefaultFile(), NullIfEmpty(Context), time);
        return NullIfEmpty(Namespace) is { } name ? access with { Namespace = name } : access;
    }

    private static string DefaultFile() =>
        NullIfEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator)[0])
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>How the files of engines are shown; section <c>Kubernetes:Files</c>.</summary>
public sealed class KubernetesFilesOptions
{
    public const string ImageKey = "Kubernetes:Files:Image";

    /// <summary>The image of <c>Aigc.Disk</c>, for a container beside each engine with a disk; empty: files are not shown.</summary>
    public string Image { get; set; } = "";

    /// <summary>A Secret in the engines' namespace that opens the image's registry.</summary>
    public string? PullSecret { get; set; }
}

internal sealed class ValidateKubernetesOptions(TimeProvider time) : IValidateOptions<KubernetesOptions>
{
    public ValidateOptionsResult Validate(string? name, KubernetesOptions options)
    {
        var errors = new List<string>();
        if (options.RequestsPerSecond is < 1 or > 10_000)
            errors.Add("Kubernetes:RequestsPerSecond must be from 1 to 10000.");
        if (options.Burst is < 1 or > 100_000)
            errors.Add("Kubernetes:Burst must be from 1 to 100000.");
        try
        {
            options.Access(time);
        }
        catch (InvalidDataException exception)
        {
            errors.Add($"Kubernetes:Kubeconfig: {exception.Message}");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
