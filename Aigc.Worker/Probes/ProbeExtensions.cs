namespace Aigc.Worker.Probes;

public static class ProbeExtensions
{
    public static IServiceCollection AddProbes(this IServiceCollection services) => services
        .AddSingleton<ProbeClient>()
        .AddSingleton<ReadinessProber>()
        .AddSingleton<BusyProber>();
}
