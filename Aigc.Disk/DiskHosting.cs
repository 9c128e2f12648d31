using Aigc.Disks;
using Microsoft.Extensions.Options;

namespace Aigc.Disk;

public static class DiskHosting
{
    /// <summary>The end of an engine's pod waits for all its containers.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public static void AddDisk(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<DiskOptions>().Bind(builder.Configuration.GetSection(DiskOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DiskOptions>, ValidateDiskOptions>();
        services.AddSingleton(provider => new DiskFiles(provider.GetRequiredService<IOptions<DiskOptions>>().Value.Path));
        services.AddHostedService<UploadSweep>();
        services.AddHealthChecks();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = LastWords);
        // Not a line for each file that somebody looks at.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
    }

    public static void MapDisk(this WebApplication app)
    {
        var files = app.Services.GetRequiredService<DiskFiles>();
        app.MapGroup("")
            .AddEndpointFilter(new KeyFilter(FileEndpoints.KeyHeader, app.Services.GetRequiredService<IOptions<DiskOptions>>().Value.Key))
            .AddEndpointFilter<DiskProblemFilter>()
            .MapFiles(_ => files);
    }
}
