using System.Net.Mime;
using Aigc.Api.Problems;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ContentDispositionHeaderValue = Microsoft.Net.Http.Headers.ContentDispositionHeaderValue;

namespace Aigc.Api.Files;

/// <summary>The worker's files API: bytes pass through, in both directions, as fast as the slower side takes them.</summary>
public sealed partial class WorkerFiles(HttpClient worker, IOptions<GatewayOptions> gateway, ILogger<WorkerFiles> logger)
{
    private static readonly string[] RequestHeaders =
        [HeaderNames.IfNoneMatch, HeaderNames.IfMatch, HeaderNames.IfModifiedSince, HeaderNames.IfRange, HeaderNames.Range];

    private static readonly string[] ResponseHeaders =
        [HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.ContentRange, HeaderNames.AcceptRanges, HeaderNames.ETag, HeaderNames.LastModified];

    // Pictures without scripts; SVG has them.
    private static readonly string[] InlineTypes = [MediaTypeNames.Image.Png, MediaTypeNames.Image.Jpeg, MediaTypeNames.Image.Gif, MediaTypeNames.Image.Webp, MediaTypeNames.Image.Avif, MediaTypeNames.Image.Bmp];

    /// <summary>What an engine wrote is somebody else's content on our host: a download, unless it is a picture asked for inline.</summary>
    public Task DownloadAsync(HttpContext context, EngineId engine, string path, bool inline) =>
        ForwardAsync(context, engine, "files/content", QueryString.Create("path", path), response =>
        {
            var type = response.ContentType?.Split(';')[0];
            var disposition = new ContentDispositionHeaderValue(inline && InlineTypes.Contains(type) ? "inline" : "attachment");
            disposition.SetHttpFileName(path[(path.LastIndexOf('/') + 1)..]);
            response.Headers.ContentDisposition = disposition.ToString();
            response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        });

    public async Task ForwardAsync(HttpContext context, EngineId engine, string what, QueryString query, Action<HttpResponse>? prepare = null)
    {
        using var request = Request(context.Request, $"/internal/engines/{engine}/{what}{query}");
        HttpResponseMessage answer;
        try
        {
            answer = await worker.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        }
        catch (HttpRequestException error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.Away(logger, error);
            await Problem.Of(
                StatusCodes.Status502BadGateway, "worker-away", "Files are not available right now",
                "The part of the gateway that holds the disks does not answer. Try again in a minute.").ExecuteAsync(context);
            return;
        }

        using (answer)
        {
            var response = context.Response;
            response.StatusCode = (int)answer.StatusCode;
            foreach (var name in ResponseHeaders)
            {
                if (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values))
                    response.Headers[name] = values.ToArray();
            }

            if (answer.IsSuccessStatusCode)
                prepare?.Invoke(response);
            await answer.Content.CopyToAsync(response.Body, context.RequestAborted);
        }
    }

    private HttpRequestMessage Request(HttpRequest incoming, string path)
    {
        var request = new HttpRequestMessage(new(incoming.Method), path);
        request.Headers.Add(GatewayOptions.KeyHeader, gateway.Value.Key);
        foreach (var name in RequestHeaders)
        {
            if (incoming.Headers.TryGetValue(name, out var values))
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        if (HttpMethods.IsPut(incoming.Method))
        {
            request.Content = new StreamContent(incoming.Body);
            request.Content.Headers.ContentLength = incoming.ContentLength;
            request.Content.Headers.ContentType = new(MediaTypeNames.Application.Octet);
        }

        return request;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The worker does not answer for files. Check services:worker:http:0.")]
        public static partial void Away(ILogger logger, Exception error);
    }
}
