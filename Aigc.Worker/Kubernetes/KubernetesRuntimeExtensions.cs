using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Kubernetes.Files;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Kubernetes;

public static class KubernetesRuntimeExtensions
{
    public static IHostApplicationBuilder AddKubernetesRuntime(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<KubernetesOptions>().Bind(builder.Configuration.GetSection(KubernetesOptions.Section))
            .PostConfigure(options =>
            {
                if (options.GatewayPods.Count == 0)
                    options.GatewayPods["app.kubernetes.io/part-of"] = "aigc";
                // The label that every namespace has of its own name.
                if (options.GatewayNamespace.Count == 0 && ClusterAccess.OwnNamespace is { } mine)
                    options.GatewayNamespace["kubernetes.io/metadata.name"] = mine;
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<KubernetesOptions>, ValidateKubernetesOptions>();
        services.AddSingleton(PodAllowance.From(builder.Configuration));
        services.AddSingleton(Client);
        services.AddSingleton<TermLease>();
        services.AddSingleton<IEngineLogs, KubernetesEngineLogs>();
        services.AddSingleton<DiskContainers>();
        services.AddSingleton<DiskPods>();
        services.AddSingleton<DiskClient>();
        services.AddSingleton<IEngineFiles, KubernetesEngineFiles>();
        services.AddScoped<ClusterCache>();
        services.AddScoped<IDiskSizes, KubernetesDiskSizes>();
        services.AddScoped<PodEvents>();
        services.AddScoped<IEngineRuntime, KubernetesEngineRuntime>();
        return builder;
    }

    private static KubernetesClient Client(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<KubernetesOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        return new(
            options.Access(time), Marks.Manager, new(options.RequestsPerSecond, options.Burst, time), time,
            provider.GetRequiredService<ILogger<KubernetesClient>>());
    }
}
