using Aigc.Engines.Leading;
using Aigc.Engines.Storage;
using Aigc.Worker.Clocks;

namespace Aigc.Worker.Leading;

public static class LeadingExtensions
{
    /// <summary>Some database drivers and all file systems block the thread that asks. A beat must not wait for a free one.</summary>
    private const int MinThreads = 48;

    /// <summary>The worker's clock. First of all registrations: services take the first <see cref="TimeProvider"/> for the machine's.</summary>
    public static IServiceCollection AddSteadyTime(this IServiceCollection services) => services
        .AddSingleton(provider => new SteadyTime(TimeProvider.System, provider.GetRequiredService<ILogger<SteadyTime>>()))
        .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SteadyTime>());

    /// <summary>Leads, or stands by. What is scoped belongs to a term.</summary>
    public static IServiceCollection AddLeading(this IServiceCollection services)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, MinThreads), completions);
        services.AddSingleton<WorkerStatus>();
        services.AddSingleton(provider => new LeaderLease(provider.GetRequiredService<Database>(), Holder.Self.ToString()));
        services.AddSingleton<BoundedLease>();
        services.AddSingleton<Standby>();
        services.AddSingleton<Heartbeat>();
        services.AddScoped<TermScope>();
        services.Add(new ServiceDescriptor(typeof(Term), provider => provider.GetRequiredService<TermScope>().Term, ServiceLifetime.Scoped));
        services.AddHostedService<Leader>();
        services.AddHealthChecks().AddCheck<AdoptedCheck>("adopted").AddCheck<TrackerHealth>("tracker");
        return services;
    }
}
