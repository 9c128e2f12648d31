using Aigc.Proxy.Answers;
using Aigc.Proxy.Forwarding;
using Microsoft.AspNetCore.Http.Features;

namespace Aigc.Proxy.Gate;

/// <summary>The one public door: engine hosts to their gate, the dashboard's host to the API, everything else away.</summary>
public sealed class GatewayDoor(GatewayHosts hosts, EngineGate engines, ApiForwarder api, ProxyHealth health)
{
    public Task ServeAsync(HttpContext context)
    {
        if (IsRefused(context))
            return Problems.Answer(context, Problems.NoSuchMethod);
        var kind = hosts.Sort(context.Request.Host.Value ?? "", out var label);
        if (kind == HostKind.Engine)
            return engines.ServeAsync(context, label);
        // Kubernetes probes come by address, without our host name.
        if (ProxyHealth.Answers(context.Request))
            return health.ServeAsync(context);
        return kind == HostKind.Dashboard ? api.ServeAsync(context) : Problems.Answer(context, Problems.ForeignHost);
    }

    /// <summary>TRACE sends back what only engines shall see, and CONNECT asks for a way to anywhere; that of a WebSocket over HTTP/2 does not.</summary>
    private static bool IsRefused(HttpContext context) =>
        HttpMethods.IsTrace(context.Request.Method)
        || (HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true });
}
