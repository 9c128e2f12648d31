namespace Aigc.Proxy.Leases;

/// <summary>An upgraded connection to the browser: data frames are activity, pings, pongs and closes are not.</summary>
/// <param name="fromBrowserOnly">Whether the engine's own frames do not count.</param>
public sealed class LeasedWebSocketStream(Stream inner, EngineLease lease, bool fromBrowserOnly) : PassingStream(inner)
{
    private FrameScanner _fromBrowser;
    private FrameScanner _fromEngine;

    protected override void OnRead(ReadOnlySpan<byte> bytes)
    {
        if (_fromBrowser.Scan(bytes))
            lease.Touch();
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (!fromBrowserOnly && _fromEngine.Scan(bytes))
            lease.Touch();
    }
}
