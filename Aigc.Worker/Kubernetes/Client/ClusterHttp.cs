using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>HTTP to one API server: its certificate checked against the cluster's own authorities, and who we are.</summary>
internal static class ClusterHttp
{
    public static SocketsHttpHandler Create(ClusterAccess access)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = true,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            // Finds a server that went without a word, below a watch that may be silent for minutes.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            AutomaticDecompression = System.Net.DecompressionMethods.GZip,
        };
        if (access.ServerName is { } name)
            handler.SslOptions.TargetHost = name;
        if (access.Certificate is { } certificate)
            handler.SslOptions.ClientCertificates = [certificate];
        if (!access.VerifyServer)
#pragma warning disable CA5359 // The kubeconfig asks for it by name.
            handler.SslOptions.RemoteCertificateValidationCallback = Anybody;
#pragma warning restore CA5359
        else if (access.Authorities is { } authorities)
            handler.SslOptions.CertificateChainPolicy = Trust(authorities);
        return handler;
    }

    private static bool Anybody(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;

    private static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
