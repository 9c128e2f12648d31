using Aspire.Hosting.Running;
using Aspire.Hosting.Stores;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Asks one process how it is: often until it is healthy for the first time, then calmly.</summary>
internal sealed class HealthProbe(TimeProvider time, RunOptions options) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>Reports every result until cancelled. A resource without checks is healthy as soon as it runs.</summary>
    public async Task RunAsync(IResource resource, int replica, Action<HealthStatus> report, CancellationToken cancellationToken)
    {
        var checks = resource.Annotations.OfType<HttpHealthCheckAnnotation>().Select(check => (Address(resource, replica, check), check.StatusCode)).ToList();
        var server = resource.Server();
        if (checks.Count == 0 && server is null)
        {
            report(HealthStatus.Healthy);
            return;
        }

        var wasHealthy = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            var healthy = await AllAsync(checks, cancellationToken) && (server is null || await server.AnswersAsync(cancellationToken));
            wasHealthy |= healthy;
            if (cancellationToken.IsCancellationRequested) return;
            report(healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy);
            await Task.Delay(wasHealthy ? options.ProbeRunning : options.ProbeStarting, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _client.Dispose();

    private static Uri Address(IResource resource, int replica, HttpHealthCheckAnnotation check)
    {
        var endpoint = resource.Endpoints().FirstOrDefault(e => check.EndpointName is null ? e.UriScheme is "http" or "https" : e.Name == check.EndpointName)
            ?? throw new DistributedApplicationException($"The health check of '{resource.Name}' needs an HTTP endpoint{(check.EndpointName is { } name ? $" '{name}'" : "")}.");
        return new Uri(new Uri(endpoint.Allocated[replica].UriString), check.Path);
    }

    private async Task<bool> AllAsync(List<(Uri Address, int StatusCode)> checks, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (address, statusCode) in checks)
            {
                using var response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if ((int)response.StatusCode != statusCode) return false;
            }

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
