using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Proxy.Signing;

namespace Aigc.Proxy.SignIns;

/// <summary>A sign-in that this proxy has verified, with what is under way in its name.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer and wait handle has nothing to release.")]
public sealed class KnownSignIn(SignIn verified)
{
    private readonly CancellationTokenSource _ended = new();
    private int _uses;
    private long _verifiedAt;
    private long _confirmedAt;

    public SignIn SignIn { get; private set; } = verified;

    /// <summary>The user name as header bytes: UTF-8 carried in Latin-1 characters, as all headers are here.</summary>
    public string ForwardedUser { get; } = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(string.Concat(verified.UserName.Where(c => !char.IsControl(c)))));

    /// <summary>What engines are told of it; see <see cref="IdentityTokens"/>.</summary>
    public ConcurrentDictionary<EngineId, IdentityToken> Identities { get; } = new(concurrencyLevel: 1, capacity: 1);

    /// <summary>Cancelled when the sign-in is revoked or has run out.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Requests, held ones and streams included, are under way: it is verified again instead of forgotten.</summary>
    public bool InUse => Volatile.Read(ref _uses) > 0;

    /// <summary>Timestamp of the last time that the tracker or the API knew it; doubt does not change that.</summary>
    public long ConfirmedAt
    {
        get => Volatile.Read(ref _confirmedAt);
        set => Volatile.Write(ref _confirmedAt, value);
    }

    /// <summary>Timestamp of the last verification; 0: in doubt.</summary>
    public long VerifiedAt
    {
        get => Volatile.Read(ref _verifiedAt);
        set => Volatile.Write(ref _verifiedAt, value);
    }

    /// <summary>Takes over what leaves all rights as they are, such as a later end; what is under way goes on.</summary>
    public bool TryBecome(SignIn later)
    {
        if (later with { Name = SignIn.Name, ExpiresAt = SignIn.ExpiresAt, EndsAt = SignIn.EndsAt, Revision = SignIn.Revision } != SignIn)
            return false;
        SignIn = later;
        return true;
    }

    public void UseBegan() => Interlocked.Increment(ref _uses);

    public void UseEnded() => Interlocked.Decrement(ref _uses);

    public void End() => _ = _ended.CancelAsync();
}
