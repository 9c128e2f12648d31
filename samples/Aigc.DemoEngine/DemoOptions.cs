using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Aigc.DemoEngine;

/// <summary>Settings of the section <c>Demo</c>; the delays imitate a real engine that loads its weights.</summary>
public sealed class DemoOptions
{
    /// <summary>How long the process takes before it listens.</summary>
    public TimeSpan StartupDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it then answers 503 to everything.</summary>
    public TimeSpan LoadingDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time one sampling step takes.</summary>
    public TimeSpan StepTime { get; set; } = TimeSpan.FromMilliseconds(100);
}

internal static class DemoOptionsExtensions
{
    public static void AddDemoOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DemoOptions>().BindConfiguration("Demo")
            .Validate(o => o.StartupDelay >= TimeSpan.Zero, "Demo:StartupDelay must not be negative.")
            .Validate(o => o.LoadingDelay >= TimeSpan.Zero, "Demo:LoadingDelay must not be negative.")
            .Validate(o => o.StepTime >= TimeSpan.Zero, "Demo:StepTime must not be negative.")
            .ValidateOnStart();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        // Both imitated APIs speak snake_case.
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        // Prompts are small; only /demo/upload lifts this.
        builder.WebHost.ConfigureKestrel(o => o.Limits.MaxRequestBodySize = 1024 * 1024);
        // A request that is held open (a generation, a stream) does not hold up a stop.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(3));
    }

    public static Task WaitStartupDelayAsync(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<DemoOptions>>().Value;
        return Task.Delay(options.StartupDelay, app.Services.GetRequiredService<TimeProvider>(), app.Lifetime.ApplicationStopping);
    }
}
