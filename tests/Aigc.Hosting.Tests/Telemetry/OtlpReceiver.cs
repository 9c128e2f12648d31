using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aigc.Hosting.Tests.Telemetry;

/// <summary>Takes OTLP over HTTP; names stand in the protobuf messages as plain text.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = [];

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            _received.Enqueue((context.Request.Path, await reader.ReadToEndAsync(context.RequestAborted)));
        });
    }

    public string Address => _app.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public bool Has(string path, params string[] texts) =>
        _received.Any(message => message.Path == path && texts.All(text => message.Body.Contains(text, StringComparison.Ordinal)));

    /// <summary>What has arrived, without what is not text.</summary>
    public string Received => string.Join('\n', _received.Select(message =>
        $"{message.Path} {string.Concat(message.Body.Where(c => c is >= ' ' and <= '~'))}"));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
