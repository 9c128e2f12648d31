using Microsoft.Extensions.Options;

namespace Aigc.Worker.Probes;

public static class ProbeExtensions
{
    public static IServiceCollection AddProbes(this IServiceCollection services)
    {
        services.AddOptions<ProbeOptions>().BindConfiguration(ProbeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProbeOptions>, ValidateProbeOptions>();
        return services
            .AddSingleton<ProbeClient>()
            .AddSingleton<ReadinessProber>()
            .AddSingleton<GpuReadings>()
            .AddSingleton<BusyProber>();
    }
}
