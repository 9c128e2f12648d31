using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aigc.ServiceDefaults.Lifetime;

internal static class HostLifetimeExtensions
{
    public static void AddHostLifetime(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<HostLifetimeWatch>();
        if (builder.Configuration["HOSTING_LIFETIME"] == "stdin") builder.Services.AddHostedService<HostLifetimeService>();
    }
}
