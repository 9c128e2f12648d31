using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Aigc.DemoEngine.Tests;

public sealed class EngineTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("demo-engine-").FullName;
    private readonly WebApplicationFactory<Program> _engine;

    public EngineTests()
    {
        _engine = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("data", _data);
            foreach (var delay in new[] { "StartupDelay", "LoadingDelay", "StepTime" })
                host.UseSetting($"Demo:{delay}", "00:00:00");
        });
        _engine.UseKestrel(0);
    }

    [Fact]
    public async Task The_same_order_gives_the_same_bytes_and_both_are_on_the_disk()
    {
        using var client = _engine.CreateClient();
        var first = await PaintAsync(client);
        (await PaintAsync(client)).ShouldBe(first);
        Directory.GetFiles(Path.Combine(_data, "outputs")).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("../secret.png")]
    [InlineData("/etc/passwd")]
    public async Task Files_outside_the_outputs_cannot_be_viewed(string name)
    {
        using var client = _engine.CreateClient();
        (await client.GetAsync($"view?filename={Uri.EscapeDataString(name)}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<string> PaintAsync(HttpClient client)
    {
        var answer = await client.PostAsJsonAsync("sdapi/v1/txt2img", new { prompt = "lake", seed = 7, steps = 3, width = 96, height = 64 });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["images"]![0]!;
    }

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
