using System.Buffers;
using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Gate;

public enum HostKind
{
    Foreign,
    Dashboard,
    Engine,
}

/// <summary>Tells engine hosts, the dashboard's host and strangers apart, by the exact <c>Host</c>: case and port do not matter, everything else does.</summary>
public sealed class GatewayHosts(IOptions<GatewayOptions> options)
{
    private const int MaxLabelLength = 63;
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly string _engineSuffix = "." + options.Value.EngineDomain;
    private readonly string[] _dashboard = options.Value.PublicUrl.IsLoopback
        ? [options.Value.PublicUrl.Host, .. LoopbackNames]
        : [options.Value.PublicUrl.Host];

    public HostKind Sort(string host, out ReadOnlySpan<char> label)
    {
        var name = WithoutPort(host);
        label = default;
        foreach (var dashboard in _dashboard)
            if (name.Equals(dashboard, StringComparison.OrdinalIgnoreCase))
                return HostKind.Dashboard;
        if (!name.EndsWith(_engineSuffix, StringComparison.OrdinalIgnoreCase))
            return HostKind.Foreign;
        label = name[..^_engineSuffix.Length];
        return label.Length is > 0 and <= MaxLabelLength && !label.ContainsAnyExcept(LabelCharacters) ? HostKind.Engine : HostKind.Foreign;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon >= 0 && !host[(colon + 1)..].ContainsAnyExceptInRange('0', '9') ? host[..colon] : host;
    }
}
