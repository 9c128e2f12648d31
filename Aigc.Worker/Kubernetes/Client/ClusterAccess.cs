using System.Security.Cryptography.X509Certificates;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>Where the API server is, how to know it, and who we are to it.</summary>
/// <param name="Namespace">The namespace to work in, where nobody says otherwise.</param>
/// <param name="Authorities">Who may vouch for the server; null: those the machine trusts.</param>
/// <param name="VerifyServer">False only when a kubeconfig says <c>insecure-skip-tls-verify</c>.</param>
/// <param name="ServerName">The name in the server's certificate, when it is not the address's.</param>
internal sealed record ClusterAccess(
    Uri Server,
    string Namespace,
    X509Certificate2Collection? Authorities = null,
    bool VerifyServer = true,
    string? ServerName = null,
    X509Certificate2? Certificate = null,
    IToken? Token = null)
{
    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether this process is in a pod that has an account of its cluster.</summary>
    public static bool IsInCluster => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists($"{Account}/token");

    /// <summary>Where this process's own pod is; null outside of a cluster.</summary>
    public static string? OwnNamespace => IsInCluster ? File.ReadAllText($"{Account}/namespace").Trim() : null;

    /// <summary>How a pod reaches its own cluster; null outside of one.</summary>
    public static ClusterAccess? InCluster(TimeProvider time, string account = Account)
    {
        if (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host || !File.Exists($"{account}/token"))
            return null;
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT_HTTPS") ?? Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") ?? "443";
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile($"{account}/ca.crt");
        return new(
            new($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}/"),
            File.ReadAllText($"{account}/namespace").Trim(),
            authorities,
            Token: new TokenFile($"{account}/token", time));
    }
}
