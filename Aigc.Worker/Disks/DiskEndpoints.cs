using Aigc.Engines.Disks;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Aigc.Worker.Disks;

/// <summary>An engine's files and log over HTTP, for the API alone: it decides who may see them.</summary>
public static class DiskEndpoints
{
    private const int MaxLogLines = 10_000;
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public static RouteGroupBuilder MapDisks(this IEndpointRouteBuilder app)
    {
        var engine = app.MapGroup("/internal/engines/{id}").AddEndpointFilter<GatewayKeyFilter>().AddEndpointFilter<DiskProblemFilter>();
        engine.MapGet("/log", ReadLogAsync);
        // Disks that are the cluster's are not folders of this machine.
        if (app.ServiceProvider.GetService<DiskFiles>() is null)
        {
            engine.Map("/files/{**rest}", NoFiles);
            return engine;
        }

        engine.MapGet("/files", List);
        engine.MapDelete("/files", Delete);
        engine.MapGet("/files/content", Read);
        engine.MapPut("/files/content", WriteAsync);
        return engine;
    }

    private static Ok<DiskListing> List(string id, string? path, DiskFiles files) =>
        TypedResults.Ok(files.List(Engine(id), Parse(path)));

    private static NoContent Delete(string id, string? path, DiskFiles files)
    {
        files.Delete(Engine(id), Parse(path));
        return TypedResults.NoContent();
    }

    private static FileStreamHttpResult Read(string id, string? path, DiskFiles files, HttpResponse response)
    {
        var where = Parse(path);
        var stream = files.OpenRead(Engine(id), where);
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(stream.SafeFileHandle));
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(
            stream,
            ContentTypes.TryGetContentType(where.Name, out var type) ? type : "application/octet-stream",
            lastModified: modified,
            entityTag: new EntityTagHeaderValue($"\"{modified.UtcTicks:x}-{stream.Length:x}\""),
            enableRangeProcessing: true);
    }

    private static async Task<NoContent> WriteAsync(string id, string? path, DiskFiles files, HttpContext context, CancellationToken ct)
    {
        // Models have tens of gigabytes, and people slow lines.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        var overwrite = context.Request.Headers.IfNoneMatch != "*";
        await files.WriteAsync(Engine(id), Parse(path), context.Request.Body, overwrite, ct);
        return TypedResults.NoContent();
    }

    private static async Task<ContentHttpResult> ReadLogAsync(string id, int? lines, IEngineLogs logs, HttpResponse response, CancellationToken ct)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Text(await logs.ReadTailAsync(Engine(id), Math.Clamp(lines ?? 100, 0, MaxLogLines), ct));
    }

    private static NoContent NoFiles() =>
        throw new DiskException(501, "files-not-here", "The files of engines in a cluster are not shown here yet; use the engine itself.");

    private static EngineId Engine(string id) =>
        EngineId.TryParse(id, out var engine) ? engine : throw new DiskException(404, "no-such-engine", "There is no such engine.");

    private static DiskPath Parse(string? text) =>
        DiskPath.TryParse(text, out var path, out var error) ? path : throw new DiskException(400, "bad-path", error);
}
