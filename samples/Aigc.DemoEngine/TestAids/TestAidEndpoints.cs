namespace Aigc.DemoEngine.TestAids;

/// <summary>What no real engine has: answers that show what a proxy in front of this engine does to traffic.</summary>
internal static class TestAidEndpoints
{
    public static void MapTestAids(this WebApplication app)
    {
        var aids = app.MapGroup("/demo");
        aids.MapGet("/bytes", Traffic.BytesAsync);
        aids.MapPost("/upload", Traffic.UploadAsync);
        aids.MapGet("/sse", Traffic.EventsAsync);
        aids.Map("/echo", Echo.HandleAsync);
        aids.MapGet("/headers", (HttpRequest request) => request.Headers.ToDictionary(h => h.Key, h => h.Value.ToArray()));
        aids.MapGet("/crash", () => Environment.FailFast("Asked to crash by /demo/crash"));
    }
}
