using Aigc.Proxy.Answers;
using Aigc.Proxy.Forwarding;

namespace Aigc.Proxy.Gate;

/// <summary>The one public door: engine hosts to their gate, the dashboard's host to the API, everything else away.</summary>
public sealed class GatewayDoor(GatewayHosts hosts, EngineGate engines, ApiForwarder api, ProxyHealth health)
{
    public Task ServeAsync(HttpContext context)
    {
        var kind = hosts.Sort(context.Request.Host.Value ?? "", out var label);
        if (kind == HostKind.Engine)
            return engines.ServeAsync(context, label);
        // Kubernetes probes come by address, without our host name.
        if (ProxyHealth.Answers(context.Request))
            return health.ServeAsync(context);
        return kind == HostKind.Dashboard ? api.ServeAsync(context) : Problems.Answer(context, Problems.ForeignHost);
    }
}
