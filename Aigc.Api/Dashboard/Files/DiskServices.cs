using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Dashboard.Files;

internal static class DiskServices
{
    public static void AddDisk(this IServiceCollection services)
    {
        services.AddHttpClient<EngineDisk>((provider, client) =>
        {
            client.BaseAddress = new("http://worker");
            client.DefaultRequestHeaders.Add(GatewayOptions.KeyHeader, provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Key);
            // An upload takes as long as it takes; what only looks brings its own limit.
            client.Timeout = Timeout.InfiniteTimeSpan;
        });
        services.AddScoped<Upload>();
    }
}
