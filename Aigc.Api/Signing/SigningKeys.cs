using System.Security.Cryptography;
using Aigc.Engines.Gateway;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Signing;

/// <summary>The keys in the database, their private parts protected by the key ring: one and the same for all replicas.</summary>
public sealed partial class SigningKeys(
    SigningKeyStore store, IDataProtectionProvider protection, IOptions<SigningOptions> options, TimeProvider time, ILogger<SigningKeys> logger)
{
    private readonly IDataProtector _protector = protection.CreateProtector("aigc.signing-keys");
    private readonly SigningKeySchedule _schedule = new(options.Value.Rotation);

    public Task<IReadOnlyList<SigningKey>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>The key that signs now; makes the next one when it is time.</summary>
    public async Task<SigningKeyAnswer> CurrentAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var keys = await store.ListAsync(cancellationToken);
            var readable = keys.Where(key => Read(key) is not null).ToList();
            var now = time.GetUtcNow();
            if (_schedule.WantsAnother(readable, now))
            {
                await store.AddAsync(New(now), keys.Count > 0 ? keys[0].Id : null, _schedule.Oldest(now), cancellationToken);
                continue;
            }

            var current = SigningKeySchedule.Current(readable, now);
            return new(current.Id, Read(current)!);
        }
    }

    private SigningKey New(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(
            RandomNumberGenerator.GetHexString(16, lowercase: true),
            _protector.Protect(Convert.ToBase64String(key.ExportPkcs8PrivateKey())),
            Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), now);
    }

    /// <summary>Null: the key ring that protected it is gone, and the key with it.</summary>
    private string? Read(SigningKey key)
    {
        try
        {
            return _protector.Unprotect(key.PrivateKey);
        }
        catch (CryptographicException error)
        {
            Log.Unreadable(logger, key.Id, error);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The signing key {Key} could not be read; another takes its place.")]
        public static partial void Unreadable(ILogger logger, string key, Exception error);
    }
}
