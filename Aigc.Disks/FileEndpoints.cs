using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Aigc.Disks;

/// <summary>The files of a disk over HTTP; who may see them is decided before.</summary>
public static class FileEndpoints
{
    /// <summary>What opens a disk that is served by itself.</summary>
    public const string KeyHeader = "X-Aigc-Disk-Key";

    /// <param name="disks">A group that answers with <see cref="DiskProblemFilter"/>.</param>
    /// <param name="filesOf">The disk that a request is about.</param>
    public static void MapFiles(this RouteGroupBuilder disks, Func<HttpContext, DiskFiles> filesOf)
    {
        disks.MapGet("/files", (string? path, HttpContext context) => List(filesOf(context), path));
        disks.MapDelete("/files", (string? path, HttpContext context) => Delete(filesOf(context), path));
        disks.MapGet("/files/content", (string? path, HttpContext context) => Read(filesOf(context), path, context.Response));
        disks.MapPut("/files/content", (string? path, HttpContext context, CancellationToken ct) => WriteAsync(filesOf(context), path, context, ct));
    }

    /// <exception cref="DiskException">It is no path on a disk.</exception>
    public static DiskPath Parse(string? text) =>
        DiskPath.TryParse(text, out var path, out var error) ? path : throw DiskException.BadPath(error);

    /// <summary>Models have tens of gigabytes, and people slow lines.</summary>
    public static void AllowAnySize(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    private static Ok<DiskListing> List(DiskFiles files, string? path) => TypedResults.Ok(files.List(Parse(path)));

    private static NoContent Delete(DiskFiles files, string? path)
    {
        files.Delete(Parse(path));
        return TypedResults.NoContent();
    }

    private static FileStreamHttpResult Read(DiskFiles files, string? path, HttpResponse response)
    {
        var where = Parse(path);
        var stream = files.OpenRead(where);
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(stream.SafeFileHandle));
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(
            stream,
            FileTypes.Of(where),
            lastModified: modified,
            entityTag: new EntityTagHeaderValue($"\"{modified.UtcTicks:x}-{stream.Length:x}\""),
            enableRangeProcessing: true);
    }

    private static async Task<NoContent> WriteAsync(DiskFiles files, string? path, HttpContext context, CancellationToken ct)
    {
        AllowAnySize(context);
        var overwrite = context.Request.Headers.IfNoneMatch != "*";
        await files.WriteAsync(Parse(path), context.Request.Body, overwrite, ct);
        return TypedResults.NoContent();
    }
}
