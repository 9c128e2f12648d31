using Aigc.Engines.Storage;
using Aigc.Engines.Telemetry;
using Aigc.Engines.Tracking.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Aigc.Engines.Tracking;

public static class TrackerRegistration
{
    /// <summary>The session tracker that <c>ConnectionStrings:tracker</c> names: a file (<c>Data Source=…</c>) or else Redis.</summary>
    public static IServiceCollection AddSessionTracker(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TrackerStatus>();
        services.AddSingleton<ISessionTracker>(provider =>
        {
            var connectionString = provider.GetRequiredService<IConfiguration>().GetConnectionString("tracker");
            var time = provider.GetRequiredService<TimeProvider>();
            if (string.IsNullOrEmpty(connectionString))
            {
                throw new InvalidOperationException(
                    "ConnectionStrings:tracker is not set. For one machine: 'Data Source=/path/tracker.db'; for Redis: 'host:6379,password=…'.");
            }

            return SqliteFile.IsConnectionString(connectionString)
                // The machine's own clock: all services of the machine read each other's times in this file.
                ? new MeasuredTracker(new FileTracker(connectionString, TimeProvider.System, provider.GetRequiredService<ILogger<FileTracker>>()), "sqlite")
                : new MeasuredTracker(
                    new RedisTracker(
                        connectionString, time, provider.GetRequiredService<ILogger<RedisTracker>>(), provider.GetRequiredService<TrackerStatus>()),
                    "redis");
        });
        return services;
    }
}
