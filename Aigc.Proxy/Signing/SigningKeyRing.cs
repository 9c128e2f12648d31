using System.Security.Cryptography;
using Aigc.Engines.Gateway;

namespace Aigc.Proxy.Signing;

/// <summary>The key that signs now, in memory.</summary>
public sealed class SigningKeyRing : IDisposable
{
    private readonly Lock _lock = new();
    private (string Id, ECDsa Key)? _current;

    /// <summary>A key with another id takes over; what the earlier one signed stays good until it runs out.</summary>
    public void Put(SigningKeyAnswer answer)
    {
        lock (_lock)
        {
            if (_current is var (id, before))
            {
                if (id == answer.Id)
                    return;
                before.Dispose();
            }
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(answer.PrivateKey), out _);
            _current = (answer.Id, key);
        }
    }

    /// <param name="write">Makes the signed bytes of the key's id.</param>
    /// <returns>The bytes and their ES256 signature; null: there is no key yet.</returns>
    public (byte[] Signed, byte[] Signature)? Sign(Func<string, byte[]> write)
    {
        lock (_lock)
        {
            if (_current is not var (id, key))
                return null;
            var signed = write(id);
            return (signed, key.SignData(signed, HashAlgorithmName.SHA256));
        }
    }

    public void Dispose() => _current?.Key.Dispose();
}
