namespace Aigc.ServiceDefaults.Discovery;

/// <summary>Sends a request for <c>http://api/path</c> to the configured address of service <c>api</c>; other hosts pass unchanged.</summary>
internal sealed class ServiceDiscoveryHandler(ServiceEndpoints endpoints) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Only names without a dot can be services, so an ordinary host never costs a look-up.
        if (request.RequestUri is { IsDefaultPort: true } uri && !uri.Host.Contains('.', StringComparison.Ordinal)
            && endpoints.Find(uri.Host, uri.Scheme) is { } address)
        {
            request.RequestUri = new Uri(address, uri.PathAndQuery);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
