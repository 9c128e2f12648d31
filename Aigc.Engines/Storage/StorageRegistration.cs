using Aigc.Engines.Auditing;
using Aigc.Engines.Metering;
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
        services.TryAddSingleton(new AwakeLimit(0));
        services.AddSingleton(provider => Database.FromConnectionString(
            ConnectionString(provider, "database"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EngineStore>();
        services.AddSingleton<KeptDiskStore>();
        services.AddSingleton<ObservedStore>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<WakeHistory>();
        services.AddSingleton<HabitStore>();
        services.AddSingleton<MeterStore>();
        services.AddSingleton<CostStore>();
        services.AddSingleton<BillStore>();
        services.AddSingleton<CostBook>();
        services.AddSingleton<PeopleStore>();
        services.AddSingleton<SignInStore>();
        services.AddSingleton<ProviderAccessStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AccessStore>();
        services.AddSingleton<DeletionStore>();
        services.AddSingleton<TemplateStore>();
        services.AddSingleton<RuleStore>();
        services.AddSingleton<OutlookStore>();
        services.AddSingleton<PoolStore>();
        services.AddSingleton<QuotaStore>();
        services.AddSingleton<DataProtectionKeyStore>();
        services.AddSingleton<SigningKeyStore>();
        return services;
    }

    private static string ConnectionString(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IConfiguration>().GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"ConnectionStrings:{name} is not set. For one machine: 'Data Source=/path/{name}.db'.");
}
