using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.DemoEngine.Tests;

/// <summary>The engine on real Kestrel, at a port and in a folder of its own. Without a clock its delays are zero; with one, a second each.</summary>
public sealed class Engine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ManualClock? _clock;
    private readonly string _data = Directory.CreateTempSubdirectory("demo-engine-").FullName;
    private readonly WebApplicationFactory<Program> _host;

    public Engine()
        : this(clock: null)
    {
    }

    internal Engine(ManualClock? clock, bool loaded = true)
    {
        _clock = clock;
        _host = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("urls", "http://127.0.0.1:0");
            host.UseSetting("data", _data);
            host.UseSetting("Demo:StartupDelay", "00:00:00");
            host.UseSetting("Demo:LoadingDelay", clock is null ? "00:00:00" : "00:00:01");
            host.UseSetting("Demo:StepTime", clock is null ? "00:00:00" : "00:00:01");
            if (clock is not null)
                host.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
        });
        _host.UseKestrel();
        _host.StartServer();
        Http = new() { BaseAddress = new($"http://127.0.0.1:{_host.ClientOptions.BaseAddress.Port}/"), Timeout = Patience };
        if (loaded)
            SpinWait.SpinUntil(IsLoadedASecondLater, Patience).ShouldBeTrue();
    }

    public HttpClient Http { get; }

    public string Outputs => Path.Combine(_data, "outputs");

    public async Task<JsonObject> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonObject>(path)).ShouldNotBeNull();

    public Task<HttpResponseMessage> Txt2ImgAsync(object order, CancellationToken cancellation = default) =>
        Http.PostAsJsonAsync("sdapi/v1/txt2img", order, cancellation);

    /// <summary>The image of an order that must succeed.</summary>
    public async Task<byte[]> PaintAsync(string prompt = "lake", ulong seed = 7, int steps = 3, int width = 96, int height = 64)
    {
        var answer = await Txt2ImgAsync(new { prompt, seed, steps, width, height });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return Convert.FromBase64String((string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["images"]![0]!);
    }

    /// <summary>Asks until the answer fits, while the clock stands still.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> fits)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var answer = await ask();
            if (fits(answer))
                return answer;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Lets step after step pass until it fits.</summary>
    public Task<T> StepUntilAsync<T>(Func<Task<T>> ask, Func<T, bool> fits) => UntilAsync(
        () =>
        {
            _clock!.Advance(TimeSpan.FromSeconds(1));
            return ask();
        },
        fits);

    private bool IsLoadedASecondLater()
    {
        _clock?.Advance(TimeSpan.FromSeconds(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz");
        using var answer = Http.Send(request);
        return answer.IsSuccessStatusCode;
    }

    public void Dispose()
    {
        Http.Dispose();
        _host.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
