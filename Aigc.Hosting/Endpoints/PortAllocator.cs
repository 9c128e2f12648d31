using Aspire.Hosting.Stores;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Endpoints;

/// <summary>Gives every replica of every endpoint a port before anything starts, so that references resolve in any order.</summary>
internal sealed class PortAllocator(DistributedApplicationModel model, IConfiguration configuration)
{
    private readonly HashSet<int> _taken = [];

    /// <exception cref="DistributedApplicationException">A fixed port is taken; the message says which, whose, and what to do.</exception>
    public void Allocate() => Allocate(resource => resource is not ContainerResource);

    /// <summary>For those stores that turned out to be servers of this run.</summary>
    /// <exception cref="DistributedApplicationException">As above.</exception>
    public void AllocateStores() => Allocate(resource => resource.Server() is not null);

    private void Allocate(Func<IResource, bool> wanted)
    {
        var endpoints = model.Resources
            .Where(wanted)
            .SelectMany(resource => resource.Endpoints(), (resource, endpoint) => (Resource: resource, Endpoint: endpoint))
            .ToList();
        endpoints.ForEach(e => RefuseShared(e.Resource, e.Endpoint));
        foreach (var (resource, endpoint) in endpoints)
        {
            if (Fixed(resource, endpoint) is { } port) Reserve(resource, endpoint, port);
        }

        foreach (var (resource, endpoint) in endpoints)
        {
            var replicas = resource.GetReplicaCount();
            var address = endpoint.IsExternal ? "localhost" : "127.0.0.1";
            endpoint.AllocatedEndpoint = new(endpoint, address, Fixed(resource, endpoint) ?? Ports.FindFree(_taken));
            endpoint.Allocated = replicas == 1
                ? [endpoint.AllocatedEndpoint]
                : [.. Enumerable.Range(0, replicas).Select(_ => new AllocatedEndpoint(endpoint, "127.0.0.1", Ports.FindFree(_taken)))];
        }
    }

    private static void RefuseShared(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource.GetReplicaCount() == 1) return;
        if (!endpoint.IsProxied)
            throw new DistributedApplicationException($"Resource '{resource.Name}' uses multiple replicas and a proxy-less endpoint '{endpoint.Name}'. These features do not work together.");
        if (endpoint.TargetPort is { } port)
            throw new DistributedApplicationException($"Replicas of resource '{resource.Name}' cannot all listen on port {port} (endpoint {endpoint.Name}). Leave its targetPort out.");
    }

    // A store's target port is that of its container.
    private static int? Fixed(IResource resource, EndpointAnnotation endpoint) => endpoint.Port ?? (resource.Server() is null ? endpoint.TargetPort : null);

    private void Reserve(IResource resource, EndpointAnnotation endpoint, int port)
    {
        var who = $"Port {port} of resource '{resource.Name}' (endpoint {endpoint.Name})";
        if (!_taken.Add(port)) throw new DistributedApplicationException($"{who} is also the port of another resource. Give one of them another port.");
        if (Ports.IsFree(port)) return;
        var hint = configuration["Hosting:PortHint"];
        throw new DistributedApplicationException(
            $"{who} is taken by another program. Stop that program or choose another port{(hint is null ? "." : $": {hint}")}");
    }
}
