using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aigc.Api.Tests.Dashboard;

/// <summary>Stands in for the worker: lists one folder, and notes what is written while it is written.</summary>
public sealed class DiskWorker : IAsyncDisposable
{
    private WebApplication? _app;
    private long _received;

    public Uri Address => new(_app!.Urls.Single());

    /// <summary>Bytes of uploads that have arrived so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    public List<string> Written { get; } = [];

    /// <summary>Paths of folders that cannot be seen, and why.</summary>
    public Dictionary<string, string> Unseen { get; } = [];

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server => server.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.MapGet("/internal/engines/{id}/files", (string? path) => Unseen.TryGetValue(path ?? "", out var why)
            ? Results.Problem(statusCode: StatusCodes.Status409Conflict, type: $"urn:aigc:problem:{why}")
            : string.IsNullOrEmpty(path)
            ? Results.Json(new { path = "", entries = new object[] { new { name = "<img src=x onerror=alert(1)>.png", kind = 1, size = 12, modifiedAt = TimeProvider.System.GetUtcNow() } } })
            : Results.NotFound());
        _app.MapGet("/internal/engines/{id}/log", () => "Model loaded in 8.1s\n");
        _app.MapPut("/internal/engines/{id}/files/content", WriteAsync);
        await _app.StartAsync();
    }

    private async Task<IResult> WriteAsync(string path, HttpRequest request)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
            Interlocked.Add(ref _received, read);
        Written.Add(path);
        return Results.NoContent();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
