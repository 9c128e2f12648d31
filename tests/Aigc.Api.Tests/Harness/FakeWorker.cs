using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Aigc.Api.Tests.Harness;

/// <summary>Knows one disk with one folder, and keeps of a file only its length and hash.</summary>
public sealed class FakeWorker : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeWorker(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public string? Written { get; private set; }

    public static async Task<FakeWorker> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var worker = new FakeWorker(builder.Build());
        worker._app.Use((context, next) => context.Request.Headers["X-Gateway-Key"] == RunningApi.Key
            ? next(context)
            : throw new InvalidOperationException("The worker was asked without the gateway key."));
        worker._app.MapPut("/internal/engines/{id}/files/content", async (string path, HttpRequest request) =>
            worker.Written = $"{path} {Convert.ToHexString(await SHA256.HashDataAsync(request.Body))}");
        worker._app.MapGet("/internal/engines/{id}/files/content", (string path) =>
            TypedResults.Bytes([1, 2, 3, 4], path.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "text/html", enableRangeProcessing: true));
        worker._app.MapGet("/internal/engines/{id}/log", (int lines) => $"{lines} lines");
        await worker._app.StartAsync();
        return worker;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
