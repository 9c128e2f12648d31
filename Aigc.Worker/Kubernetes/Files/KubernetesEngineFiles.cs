using System.Net.Mime;
using Aigc.Disks;
using Aigc.Worker.Disks;
using Aigc.Worker.Runtimes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Aigc.Worker.Kubernetes.Files;

/// <summary>Disks are the cluster's: seen through a container beside the engine, so while it is awake.</summary>
internal sealed class KubernetesEngineFiles(DiskClient client) : IEngineFiles
{
    private static readonly string[] Conditions =
        [HeaderNames.IfNoneMatch, HeaderNames.IfMatch, HeaderNames.IfModifiedSince, HeaderNames.IfRange, HeaderNames.Range];

    public void Map(RouteGroupBuilder engine)
    {
        engine.MapGet("/files", ListAsync);
        engine.MapDelete("/files", DeleteAsync);
        engine.MapGet("/files/content", ReadAsync);
        engine.MapPut("/files/content", WriteAsync);
    }

    private async Task<Ok<DiskListing>> ListAsync(string? path, HttpContext context, CancellationToken ct)
    {
        var where = FileEndpoints.Parse(path);
        using var answer = await client.SendAsync(HttpMethod.Get, DiskEndpoints.EngineOf(context), "files", where, null, ct);
        return TypedResults.Ok(await DiskAnswer.ListingAsync(answer, where, ct));
    }

    private async Task<NoContent> DeleteAsync(string? path, HttpContext context, CancellationToken ct)
    {
        using var answer = await client.SendAsync(HttpMethod.Delete, DiskEndpoints.EngineOf(context), "files", FileEndpoints.Parse(path), null, ct);
        return TypedResults.NoContent();
    }

    private async Task ReadAsync(string? path, HttpContext context, CancellationToken ct)
    {
        var where = FileEndpoints.Parse(path);
        using var answer = await client.SendAsync(
            HttpMethod.Get, DiskEndpoints.EngineOf(context), "files/content", where, request => Copy(Conditions, context.Request, request), ct);
        await DiskAnswer.CopyAsync(answer, where, context.Response, ct);
    }

    private async Task<NoContent> WriteAsync(string? path, HttpContext context, CancellationToken ct)
    {
        FileEndpoints.AllowAnySize(context);
        using var answer = await client.SendAsync(HttpMethod.Put, DiskEndpoints.EngineOf(context), "files/content", FileEndpoints.Parse(path), Prepare, ct);
        return TypedResults.NoContent();

        void Prepare(HttpRequestMessage request)
        {
            Copy([HeaderNames.IfNoneMatch], context.Request, request);
            request.Headers.ExpectContinue = true;
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
            request.Content.Headers.ContentType = new(MediaTypeNames.Application.Octet);
        }
    }

    private static void Copy(string[] headers, HttpRequest from, HttpRequestMessage to)
    {
        foreach (var name in headers)
        {
            if (from.Headers.TryGetValue(name, out var values))
                to.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
    }
}
