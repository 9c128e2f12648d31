using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Balancing;

/// <summary>One port for all replicas of a resource. A resource with one replica has its port to itself.</summary>
internal sealed class Balancers(
    DistributedApplicationModel model,
    ResourceLoggerService logs,
    TimeProvider time,
    ILogger<Balancer> logger) : IHostedService, IAsyncDisposable
{
    private readonly List<Balancer> _balancers = [];

    /// <exception cref="DistributedApplicationException">Somebody took the port after it was found free.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Endpoints().Where(e => e.Allocated.Count > 1)) Start(resource, endpoint);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var balancer in _balancers) await balancer.DisposeAsync();
        _balancers.Clear();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private void Start(IResource resource, EndpointAnnotation endpoint)
    {
        var port = endpoint.AllocatedEndpoint!.Port;
        var targets = endpoint.Allocated.Select(replica => new IPEndPoint(IPAddress.Loopback, replica.Port)).ToList();
        try
        {
            _balancers.Add(Balancer.Start(port, targets, time, logger));
        }
        catch (SocketException e)
        {
            throw new DistributedApplicationException($"Port {port} of resource '{resource.Name}' (endpoint {endpoint.Name}) cannot be used: {e.Message}", e);
        }

        for (var replica = 0; replica < targets.Count; replica++)
            logs.Write($"{resource.Name}-{replica}", $"One of {targets.Count} replicas behind {endpoint.AllocatedEndpoint.UriString}");
    }
}
