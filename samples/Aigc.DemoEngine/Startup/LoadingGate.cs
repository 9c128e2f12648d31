using Microsoft.Extensions.Options;

namespace Aigc.DemoEngine.Startup;

/// <summary>Answers 503 until the imitated loading of weights is over; the clock starts when the process listens.</summary>
internal sealed class LoadingGate(TimeProvider time, IOptions<DemoOptions> options, IHostApplicationLifetime lifetime)
{
    private long? _listeningSince;

    public void Watch() => lifetime.ApplicationStarted.Register(() => _listeningSince = time.GetTimestamp());

    public bool IsLoaded => _listeningSince is { } since && time.GetElapsedTime(since) >= options.Value.LoadingDelay;
}

internal static class LoadingGateExtensions
{
    public static void AddStartup(this WebApplicationBuilder builder) => builder.Services.AddSingleton<LoadingGate>();

    public static void UseLoadingGate(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<LoadingGate>();
        gate.Watch();
        app.Use(async (context, next) =>
        {
            if (gate.IsLoaded)
            {
                await next(context);
                return;
            }
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            await context.Response.WriteAsJsonAsync(new { status = "loading", detail = "The demo engine is loading. Try again in a second." }, context.RequestAborted);
        });
        app.MapGet("/healthz", () => TypedResults.Ok(new { status = "ok" }));
    }
}
