using Aigc.Disks;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Disks;

/// <summary>An engine's files and log over HTTP, for the API alone: it decides who may see them.</summary>
public static class DiskEndpoints
{
    private const int MaxLogLines = 10_000;

    public static RouteGroupBuilder MapDisks(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var engine = app.MapGroup("/internal/engines/{id}")
            .AddEndpointFilter(new KeyFilter(GatewayOptions.KeyHeader, services.GetRequiredService<IOptions<GatewayOptions>>().Value.Key))
            .AddEndpointFilter<DiskProblemFilter>();
        engine.MapGet("/log", ReadLogAsync);
        services.GetRequiredService<IEngineFiles>().Map(engine);
        return engine;
    }

    private static async Task<ContentHttpResult> ReadLogAsync(int? lines, IEngineLogs logs, HttpContext context, CancellationToken ct)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Text(await logs.ReadTailAsync(EngineOf(context), Math.Clamp(lines ?? 100, 0, MaxLogLines), ct));
    }

    internal static EngineId EngineOf(HttpContext context) => EngineId.TryParse(context.GetRouteValue("id") as string, out var engine)
        ? engine
        : throw new DiskException(404, "no-such-engine", "There is no such engine.");
}
