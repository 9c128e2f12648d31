using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>A certificate authority of one's own, for this one connection.</summary>
internal static class PrivateAuthority
{
    public static RemoteCertificateValidationCallback Read(string path)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"ConnectionStrings:tracker: 'ca' names {path}, which can't be read as PEM: {exception.Message}", exception);
        }

        if (roots.Count == 0)
            throw new FormatException($"ConnectionStrings:tracker: 'ca' names {path}, which holds no certificate. Put the authority's certificate there, as PEM.");
        return (_, certificate, chain, errors) => IsSignedBy(roots, certificate, chain, errors);
    }

    private static bool IsSignedBy(X509Certificate2Collection roots, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        // A wrong name stays wrong, whoever signed it.
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var between in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(between.Certificate);
        using var leaf = new X509Certificate2(certificate);
        return chain.Build(leaf);
    }
}
