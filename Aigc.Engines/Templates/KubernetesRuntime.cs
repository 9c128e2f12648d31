using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aigc.Engines.Templates;

/// <summary>A pod of a Kubernetes cluster.</summary>
/// <param name="Port">Where the engine listens in its pod.</param>
/// <param name="Volume">The engine's disk; null: it keeps nothing.</param>
/// <param name="Pod">An ordinary pod template (<c>metadata</c> and <c>spec</c>); its first container is the engine.</param>
public sealed record KubernetesRuntime(int Port, KubernetesVolume? Volume, JsonElement Pod);

/// <param name="Size">A quantity, such as <c>20Gi</c>.</param>
/// <param name="Class">A StorageClass; null: the cluster's default.</param>
/// <param name="MountPath">Where the engine's container sees the disk, unless it mounts the volume <c>data</c> itself.</param>
/// <param name="AccessMode">Such as <c>ReadWriteOnce</c>.</param>
public sealed record KubernetesVolume(string Size, string? Class, string MountPath, string AccessMode = "ReadWriteOnce");

/// <summary>What an administrator allows pods of templates beyond their own container; section <c>Kubernetes</c>.</summary>
/// <param name="HostAccess">Privileged containers, added capabilities, the machine's folders, ports and namespaces.</param>
/// <param name="ServiceAccounts">An account of the cluster, and its token.</param>
public sealed record PodAllowance(bool HostAccess = false, bool ServiceAccounts = false)
{
    public const string HostAccessKey = "Kubernetes:AllowHostAccess";
    public const string ServiceAccountsKey = "Kubernetes:AllowServiceAccounts";

    /// <exception cref="FormatException">A setting is neither true nor false.</exception>
    public static PodAllowance From(IConfiguration configuration) => new(IsOn(configuration, HostAccessKey), IsOn(configuration, ServiceAccountsKey));

    private static bool IsOn(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } text
        && (bool.TryParse(text, out var on) ? on : throw new FormatException($"{key} must be true or false, not '{text}'."));
}
