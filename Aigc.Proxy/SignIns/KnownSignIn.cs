using System.Diagnostics.CodeAnalysis;
using System.Text;
using Aigc.Engines.People;

namespace Aigc.Proxy.SignIns;

/// <summary>A sign-in that this proxy has verified, with the streams that end when it ends.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer and wait handle has nothing to release.")]
public sealed class KnownSignIn(SignIn signIn)
{
    private readonly CancellationTokenSource _ended = new();
    private int _streams;
    private long _verifiedAt;

    public SignIn SignIn { get; } = signIn;

    /// <summary>The user name as header bytes: UTF-8 carried in Latin-1 characters, as all headers are here.</summary>
    public string ForwardedUser { get; } = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(string.Concat(signIn.UserName.Where(c => !char.IsControl(c)))));

    /// <summary>Cancelled when the sign-in is revoked or has run out.</summary>
    public CancellationToken Ended => _ended.Token;

    public bool HasStreams => Volatile.Read(ref _streams) > 0;

    /// <summary>Timestamp of the last verification; 0: in doubt.</summary>
    public long VerifiedAt
    {
        get => Volatile.Read(ref _verifiedAt);
        set => Volatile.Write(ref _verifiedAt, value);
    }

    public void StreamBegan() => Interlocked.Increment(ref _streams);

    public void StreamEnded() => Interlocked.Decrement(ref _streams);

    public void End() => _ = _ended.CancelAsync();
}
