using Aigc.Engines.Lifecycle;
using Aigc.Worker.Ahead;
using Aigc.Worker.Disks;
using Aigc.Worker.Metering;
using Aigc.Worker.Sleeping;
using Aigc.Worker.Waking;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Reconciling;

public static class ReconcilingExtensions
{
    /// <summary>The loop that keeps every engine as it is desired, and the sweeps that put engines to sleep: each leader's term has its own.</summary>
    public static IHostApplicationBuilder AddReconciling(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<WorkerMetrics>();
        services.AddScoped<Wakes>();
        services.AddOptions<ReconcilingOptions>().Bind(builder.Configuration.GetSection(ReconcilingOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReconcilingOptions>, ValidateReconcilingOptions>();
        services.AddScoped(provider => new PendingWork<EngineId>(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<WorkerMetrics>().Waited));
        services.AddScoped(provider => new Allocator(
            provider.GetRequiredService<IOptions<ReconcilingOptions>>().Value.Capacity, provider.GetRequiredService<PendingWork<EngineId>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<PoolCatalog>();
        services.AddScoped<StartLine>();
        services.AddScoped<TemplateCatalog>();
        services.AddScoped<ComputeMemory>();
        services.AddScoped<RoutePublisher>();
        services.AddScoped<EngineReconciler>();
        services.AddScoped<Survey>();
        services.AddScoped<ReconcileLoop>();
        services.AddScoped<AwakeEngines>();
        services.AddScoped<Spares>();
        services.AddScoped<SpareKeeper>();
        services.AddScoped<HabitWaker>();
        services.AddScoped<Arrivals>();
        services.AddScoped<Drains>();
        services.AddScoped<BusyMemory>();
        services.AddScoped<UseMemory>();
        services.AddScoped<IdlePolicies>();
        services.AddScoped<Outlooks>();
        services.AddScoped<SleepSweep>();
        services.AddScoped<DiskSweep>();
        services.AddScoped<IdleMeter>();
        services.AddScoped<WorkMeter>();
        services.AddScoped<DiskMeter>();
        services.AddScoped<HostEndSweep>();
        return builder;
    }
}
