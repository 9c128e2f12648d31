using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Aigc.KubeSim.Access;

/// <summary>How the server is known: a certificate for this machine, and the authority of this cluster alone that vouches for it.</summary>
internal sealed class ServerIdentity : IDisposable
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(1);

    public ServerIdentity()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubesim", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var authority = request.CreateSelfSigned(now - Validity, now + Validity);
        Authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(authority.ExportCertificatePem()));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        var server = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(authority, now - Validity, now + Validity, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
        Certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The authority's certificate as a kubeconfig has it.</summary>
    public string Authority { get; }

    public void Dispose() => Certificate.Dispose();
}
