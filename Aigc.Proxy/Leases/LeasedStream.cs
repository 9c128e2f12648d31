namespace Aigc.Proxy.Leases;

/// <summary>A body on its way through: bytes in either direction are activity.</summary>
public sealed class LeasedStream(Stream inner, EngineLease lease) : PassingStream(inner)
{
    protected override void OnRead(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
            lease.Touch();
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes) => OnRead(bytes);
}
