using Aigc.ServiceDefaults.Discovery;
using Aigc.ServiceDefaults.Lifetime;
using Aigc.ServiceDefaults.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aigc.ServiceDefaults;

public static class Extensions
{
    /// <summary>What every service has: quiet logs, telemetry, health checks, service discovery for <see cref="HttpClient"/>, and an end together with its AppHost.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddDefaultLogs();
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.AddServiceDiscovery();
        builder.AddHostLifetime();
        return builder;
    }
}
