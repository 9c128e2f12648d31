using Aigc.Engines.Telemetry;
using Aigc.Engines.Tracking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aigc.Engines.Storage;

public static class StorageRegistration
{
    /// <summary>The database that <c>ConnectionStrings:database</c> names, and the stores over it.</summary>
    public static IServiceCollection AddEngineDatabase(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Database.FromConnectionString(
            ConnectionString(provider, "database"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EngineStore>();
        services.AddSingleton<KeptDiskStore>();
        services.AddSingleton<ObservedStore>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<PeopleStore>();
        services.AddSingleton<SignInStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<TemplateStore>();
        return services;
    }

    /// <summary>The session tracker that <c>ConnectionStrings:tracker</c> names.</summary>
    public static IServiceCollection AddSessionTracker(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ISessionTracker>(provider =>
        {
            var connectionString = ConnectionString(provider, "tracker");
            return SqliteFile.IsConnectionString(connectionString)
                ? new MeasuredTracker(new FileTracker(connectionString, provider.GetRequiredService<TimeProvider>()), "sqlite")
                : throw new NotSupportedException(
                    "ConnectionStrings:tracker must begin with 'Data Source=' and name a file; other trackers are not supported by this version.");
        });
        return services;
    }

    private static string ConnectionString(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IConfiguration>().GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"ConnectionStrings:{name} is not set. For one machine: 'Data Source=/path/{name}.db'.");
}
