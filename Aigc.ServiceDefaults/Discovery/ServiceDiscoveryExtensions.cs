using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aigc.ServiceDefaults.Discovery;

internal static class ServiceDiscoveryExtensions
{
    /// <summary>Every factory-made client finds services by name and gives up a connect after 5 s. None retries: a retried long poll multiplies.</summary>
    public static void AddServiceDiscovery(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ServiceEndpoints>();
        builder.Services.TryAddTransient<ServiceDiscoveryHandler>();
        builder.Services.ConfigureHttpClientDefaults(http => http
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            })
            .AddHttpMessageHandler<ServiceDiscoveryHandler>());
    }
}
