using Aspire.Hosting.Health;

namespace Aspire.Hosting;

public static class HealthBuilderExtensions
{
    /// <summary>Healthy when a GET of the path answers with that status, 200 unless given.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null)
        where T : IResourceWithEndpoints => builder.WithAnnotation(new HttpHealthCheckAnnotation(path ?? "/", statusCode ?? 200, endpointName));
}
