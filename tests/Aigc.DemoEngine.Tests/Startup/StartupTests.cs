using System.Net;

namespace Aigc.DemoEngine.Tests.Startup;

public sealed class StartupTests : IDisposable
{
    private readonly Engine _engine = new(new ManualClock(), loaded: false);

    [Fact]
    public async Task The_engine_is_healthy_only_when_it_has_loaded()
    {
        foreach (var path in new[] { "healthz", "", "sdapi/v1/progress" })
        {
            var answer = await _engine.Http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }
        await LoadAsync();
    }

    [Fact]
    public async Task Another_web_site_cannot_order_images()
    {
        await LoadAsync();
        _engine.Http.DefaultRequestHeaders.Add("Origin", "http://evil.example");
        (await _engine.Txt2ImgAsync(new { width = 64 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _engine.Http.GetAsync("ws")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private Task<HttpResponseMessage> LoadAsync() => _engine.StepUntilAsync(() => _engine.Http.GetAsync("healthz"), answer => answer.StatusCode == HttpStatusCode.OK);

    public void Dispose() => _engine.Dispose();
}
