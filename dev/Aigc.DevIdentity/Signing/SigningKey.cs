using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Aigc.DevIdentity.Signing;

/// <summary>The RSA key of all tokens. Kept in a file, if there is a data folder, so that a restart leaves tokens valid.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly RSA _rsa;

    private SigningKey(RSA rsa)
    {
        _rsa = rsa;
        var key = rsa.ExportParameters(includePrivateParameters: false);
        (Exponent, Modulus) = (Base64Url.EncodeToString(key.Exponent), Base64Url.EncodeToString(key.Modulus));
        // RFC 7638: the thumbprint is the hash of exactly this JSON.
        Id = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"e":"{{Exponent}}","kty":"RSA","n":"{{Modulus}}"}""")));
    }

    public string Id { get; }
    public string Exponent { get; }
    public string Modulus { get; }

    public static SigningKey LoadOrCreate(string? dataFolder)
    {
        if (string.IsNullOrEmpty(dataFolder))
            return new(RSA.Create(2048));
        var path = Path.Combine(dataFolder, "identity", "signing-key.pem");
        if (!File.Exists(path))
            return Create(path);
        var rsa = RSA.Create();
        rsa.ImportFromPem(File.ReadAllText(path));
        return new(rsa);
    }

    public byte[] Sign(byte[] data) => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public bool Verify(byte[] data, byte[] signature) => _rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public void Dispose() => _rsa.Dispose();

    private static SigningKey Create(string path)
    {
        var rsa = RSA.Create(2048);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // Renamed when complete: a crash leaves no half key behind.
        var temporary = path + ".tmp";
        File.Delete(temporary);
        using (var file = new StreamWriter(temporary, Encoding.ASCII, options))
            file.Write(rsa.ExportPkcs8PrivateKeyPem());
        File.Move(temporary, path);
        return new(rsa);
    }
}

internal static class SigningExtensions
{
    public static void AddSigning(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => SigningKey.LoadOrCreate(builder.Configuration["AIGC_DATA_DIR"]));
        builder.Services.AddSingleton<Jwt>();
    }
}
