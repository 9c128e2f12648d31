namespace Aigc.Proxy.Leases;

/// <summary>What holds one engine awake, as seen by this proxy: requests without an answer yet, and the newest activity.</summary>
public sealed class EngineLease(TimeProvider time)
{
    // Activity is worth a write to shared memory ten times a second, not for every packet.
    private const long Resolution = TimeSpan.TicksPerMillisecond * 100;

    private int _open;
    private long _lastActivity;

    /// <summary>What <see cref="LeaseReporter"/> told last; its own, and gone with the engine.</summary>
    internal LeaseReporter.Told? Told { get; set; }

    public int Open => Volatile.Read(ref _open);

    public DateTimeOffset? LastActivity => Volatile.Read(ref _lastActivity) is var ticks and > 0 ? new(ticks, TimeSpan.Zero) : null;

    public void Touch()
    {
        var now = time.GetUtcNow().UtcTicks;
        if (now - Volatile.Read(ref _lastActivity) >= Resolution)
            Volatile.Write(ref _lastActivity, now);
    }

    public void Acquire()
    {
        Interlocked.Increment(ref _open);
        Touch();
    }

    public void Release()
    {
        Touch();
        Interlocked.Decrement(ref _open);
    }
}
