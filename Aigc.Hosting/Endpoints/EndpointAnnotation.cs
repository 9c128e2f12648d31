using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port that a resource listens on.</summary>
public sealed class EndpointAnnotation(
    ProtocolType protocol,
    string? uriScheme = null,
    string? transport = null,
    string? name = null,
    int? port = null,
    int? targetPort = null,
    bool? isExternal = null,
    bool isProxied = true) : IResourceAnnotation
{
    public ProtocolType Protocol => protocol;

    public string UriScheme { get; set; } = uriScheme ?? "tcp";

    public string Transport { get; set; } = transport ?? (uriScheme is "http" or "https" ? "http" : "tcp");

    public string Name { get; set; } = name ?? uriScheme ?? "tcp";

    /// <summary>The port that clients use; null picks a free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>The port that the program listens on, where it differs.</summary>
    public int? TargetPort { get; set; } = targetPort;

    public bool IsExternal { get; set; } = isExternal ?? false;

    public bool IsProxied { get; set; } = isProxied;

    /// <summary>The environment variable that tells the program its port.</summary>
    public string? TargetPortEnvironmentVariable { get; set; }

    /// <summary>Where clients reach it: the only replica, or the balancer of several; null until ports are allocated.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; internal set; }

    /// <summary>Where each replica itself listens. They stay the same over restarts.</summary>
    internal IReadOnlyList<AllocatedEndpoint> Allocated { get; set; } = [];
}

public sealed class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public EndpointAnnotation Endpoint => endpoint;

    public string Address => address;

    public int Port => port;

    public string UriString => $"{endpoint.UriScheme}://{address}:{port}";
}
