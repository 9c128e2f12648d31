using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Endpoints;
using Aspire.Hosting.Page;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Telemetry;

/// <summary>
/// Takes what the services of this run tell over OTLP/HTTP, for the resource page: on a loopback port of its own, with a key of this run.
/// Absent where there is no page, and where telemetry is sent to somebody else.
/// </summary>
internal sealed class OtlpReceiver(
    ResourcePageOptions options,
    IConfiguration configuration,
    DistributedApplicationModel model,
    TraceStore traces,
    MetricStore metrics) : IHostedService, IAsyncDisposable
{
    public const string KeyHeader = "x-otlp-api-key";

    /// <summary>Of one request, unpacked. Exporters send at most 512 spans at once.</summary>
    private const int MaxBody = 4 * 1024 * 1024;
    private const string Protobuf = "application/x-protobuf";

    private WebApplication? _app;

    /// <summary>Null: it does not run.</summary>
    public Uri? Address { get; private set; }

    public string Key { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public bool Enabled => options.Enabled && ConfiguredElsewhere.All(name => string.IsNullOrWhiteSpace(configuration[name]));

    private static IEnumerable<string> ConfiguredElsewhere =>
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL",
        "DOTNET_DASHBOARD_OTLP_ENDPOINT_URL", "DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL",
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Enabled) return;
        var port = Ports.FindFree(model.Resources.SelectMany(r => r.Endpoints()).SelectMany(e => e.Allocated).Select(e => e.Port).ToHashSet());
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(port);
            kestrel.Limits.MaxRequestBodySize = MaxBody;
        });
        builder.WebHost.PreferHostingUrls(false);
        _app = builder.Build();
        _app.MapPost("/v1/traces", context => TakeAsync(context, body => traces.Add(SpanReader.Read(body))));
        _app.MapPost("/v1/metrics", context => TakeAsync(context, body => metrics.Put(MetricReader.Read(body))));

        // The page has the logs already, as the services print them.
        _app.MapPost("/v1/logs", context => TakeAsync(context, _ => { }));
        await _app.StartAsync(cancellationToken);
        Address = new Uri($"http://localhost:{port}");
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        var given = Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString());
        if (!CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Key)))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, $"The header {KeyHeader} must be the key of this run.");
            return;
        }

        if (context.Request.ContentType?.Split(';')[0].Trim() is not Protobuf)
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Only {Protobuf}: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.");
            return;
        }

        try
        {
            var body = await ReadAsync(context.Request, context.RequestAborted);
            if (body is null)
            {
                await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"More than {MaxBody} bytes.");
                return;
            }

            take(body);
            context.Response.ContentType = Protobuf;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, e.Message);
        }
    }

    /// <summary>Null: it is too large.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        await using var source = request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            var other => throw new BadHttpRequestException($"Content-Encoding {other} is not known; use gzip or none.", StatusCodes.Status415UnsupportedMediaType),
        };
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > MaxBody) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
