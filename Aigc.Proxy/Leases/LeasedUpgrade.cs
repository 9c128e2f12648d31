using Microsoft.AspNetCore.Http.Features;

namespace Aigc.Proxy.Leases;

/// <summary>Stands before the server's own upgrade, so that what passes over the socket afterwards is seen.</summary>
public sealed class LeasedUpgrade(IHttpUpgradeFeature inner, EngineLease lease, bool fromBrowserOnly) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new LeasedWebSocketStream(await inner.UpgradeAsync(), lease, fromBrowserOnly);
}

/// <summary>The same for WebSockets over HTTP/2 (RFC 8441).</summary>
public sealed class LeasedConnect(IHttpExtendedConnectFeature inner, EngineLease lease, bool fromBrowserOnly) : IHttpExtendedConnectFeature
{
    public bool IsExtendedConnect => inner.IsExtendedConnect;
    public string? Protocol => inner.Protocol;

    public async ValueTask<Stream> AcceptAsync() => new LeasedWebSocketStream(await inner.AcceptAsync(), lease, fromBrowserOnly);
}
