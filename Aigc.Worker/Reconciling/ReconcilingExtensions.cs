using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Worker.Sleeping;
using Aigc.Worker.Waking;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Reconciling;

public static class ReconcilingExtensions
{
    /// <summary>The loop that keeps every engine as it is desired, and the sweeps that put engines to sleep.</summary>
    public static IHostApplicationBuilder AddReconciling(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<WorkerMetrics>();
        services.AddSingleton<Wakes>();
        services.AddSingleton(provider => new PendingWork<EngineId>(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<WorkerMetrics>().Waited));
        services.AddOptions<ReconcilingOptions>().Bind(builder.Configuration.GetSection(ReconcilingOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReconcilingOptions>, ValidateReconcilingOptions>();
        services.AddSingleton(provider => new Admission(provider.GetRequiredService<IOptions<ReconcilingOptions>>().Value.Capacity));
        services.AddSingleton<TemplateCatalog>();
        services.AddSingleton<ComputeMemory>();
        services.AddSingleton<RoutePublisher>();
        services.AddSingleton<EngineReconciler>();
        services.AddSingleton<AwakeEngines>();
        services.AddSingleton<Drains>();
        services.AddSingleton<BusyMemory>();
        services.AddSingleton<WorkerStatus>();
        services.AddSingleton(provider => new LeaderLease(provider.GetRequiredService<Database>(), Environment.MachineName));
        services.AddHostedService<HostEndSweep>();
        services.AddHostedService<ReconcileLoop>();
        services.AddHostedService<SleepSweep>();
        services.AddHealthChecks().AddCheck<AdoptedCheck>("adopted");
        return builder;
    }
}
