using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Aigc.Testing.Faults;

/// <summary>One person's day: works for a while, rests for a while, and is told each time what became of the work.</summary>
public sealed class Visitor(Product product, string name, int number, int seed, Ledger ledger) : IDisposable
{
    /// <summary>Longer than a proxy holds a request by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private const string EngineCookie = "aigc-engine";
    private readonly Random _random = new(HashCode.Combine(seed, number));
    private readonly Person _person = product.Person(name);
    private TakenEngine? _engine;
    private int _images;
    private int _files;
    private string? _signIn;

    /// <summary>By the very sign-in of the beginning: a provider that remembers people would hide that one had to sign in again.</summary>
    public bool IsStillSignedIn => SignInCookie() == _signIn;

    public string Name => name;

    public async Task SignInAsync()
    {
        await _person.SignInAsync();
        _signIn = SignInCookie() ?? throw new InvalidOperationException($"{name} has no sign-in cookie.");
    }

    public async Task LiveAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var tasks = _random.Next(2, 7);
            for (var task = 0; task < tasks && !end.IsCancellationRequested; task++)
            {
                await TryAsync(end);
                await PauseAsync(TimeSpan.FromMilliseconds(_random.Next(200, 2_000)), end);
            }

            await PauseAsync(TimeSpan.FromSeconds(_random.Next(5, 30)), end);
        }
    }

    public async Task<JsonArray> EnginesAsync() => (await _person.CallAsync(HttpMethod.Get, "api/v1/engines")).AsArray();

    public void Dispose() => _person.Dispose();

    private async Task TryAsync(CancellationToken end)
    {
        var (what, act) = _engine is null ? ("take", TakeAsync) : _random.Next(100) switch
        {
            < 50 => ("generate", (Func<CancellationToken, Task>)GenerateAsync),
            < 65 => ("watch", WatchAsync),
            < 75 => ("ask", AskAsync),
            < 90 => ("look", LookAsync),
            _ => ("upload", UploadAsync),
        };
        try
        {
            await act(end);
            ledger.Count($"{what}: done");
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
        catch (RefusedException refused)
        {
            ledger.Count($"{what}: {refused.Message}");
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException or WebSocketException or OperationCanceledException)
        {
            ledger.Count($"{what}: cut off");
        }
    }

    private async Task TakeAsync(CancellationToken end)
    {
        using var answer = await _person.SendAsync(HttpMethod.Post, "api/v1/engines", new { template = FaultRun.Template });
        await CheckAsync(answer, end);
        var taken = (await answer.Content.ReadFromJsonAsync<JsonObject>(end))!;
        _engine = new(_person, taken["id"]!.GetValue<string>(), new Uri(taken["url"]!.GetValue<string>()));
        ledger.Engines.Add((name, _engine.Id));
    }

    private async Task GenerateAsync(CancellationToken end)
    {
        await EnterAsync(end);
        var image = number * 1_000_000L + ++_images;
        using var answer = await SendAsync(HttpMethod.Post, "sdapi/v1/txt2img", JsonContent.Create(
            new { prompt = $"{name} {image}", seed = image, steps = 3, width = 64, height = 64 }), end);
        await CheckAsync(answer, end);
        var made = (await answer.Content.ReadFromJsonAsync<JsonObject>(end))!;
        if (made["images"]!.AsArray().Count == 1)
            ledger.Images.Add((_engine!.Id, image));
    }

    private async Task WatchAsync(CancellationToken end)
    {
        await EnterAsync(end);
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(_person.Handler(redirects: false));
        using var limit = Limit(end);
        socket.Options.SetRequestHeader("Origin", _engine!.Url.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(new Uri(_engine.Url, "ws")) { Scheme = "ws" }.Uri, invoker, limit.Token);
        ledger.Count("watch: opened");
        await PauseAsync(TimeSpan.FromSeconds(_random.Next(1, 6)), end);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
    }

    private async Task AskAsync(CancellationToken end)
    {
        var action = _random.Next(4) switch { 0 => "sleep", 1 => "restart", _ => "wake" };
        using var answer = await _person.SendAsync(HttpMethod.Post, $"api/v1/engines/{_engine!.Id}/{action}");
        await CheckAsync(answer, end);
    }

    private async Task LookAsync(CancellationToken end)
    {
        using var answer = await _person.SendAsync(HttpMethod.Get, "api/v1/engines");
        await CheckAsync(answer, end);
        var mine = (await answer.Content.ReadFromJsonAsync<JsonArray>(end))!;
        if (!mine.Any(engine => engine!["id"]!.GetValue<string>() == _engine!.Id))
            ledger.Wrongs.Enqueue($"{name}'s engine {_engine!.Id} is not among {mine.ToJsonString()}");
    }

    private async Task UploadAsync(CancellationToken end)
    {
        var (path, content) = ($"inputs/{++_files}.txt", $"{name} {_files} {_random.Next()}");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"api/v1/engines/{_engine!.Id}/files/content?path={path}")
        {
            Content = new StringContent(content),
        };
        request.Headers.Add("X-XSRF-TOKEN", _person.Antiforgery);
        using var answer = await _person.Http.SendAsync(request, end);
        await CheckAsync(answer, end);
        ledger.Files.Add((_engine.Id, path, content));
    }

    /// <summary>As a browser gets its cookie for the engine's host; the waiting page is an answer too.</summary>
    private async Task EnterAsync(CancellationToken end)
    {
        if (_person.Cookies.GetCookies(_engine!.Url)[EngineCookie] is not null)
            return;
        using var request = new HttpRequestMessage(HttpMethod.Get, _engine.Url);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        using var limit = Limit(end);
        using var answer = await _person.Http.SendAsync(request, limit.Token);
        await CheckAsync(answer, end);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent content, CancellationToken end)
    {
        using var request = new HttpRequestMessage(method, new Uri(_engine!.Url, path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var limit = Limit(end);
        return await _person.Http.SendAsync(request, limit.Token);
    }

    /// <summary>Refusals pass; being signed out, or told that one's engine is somebody else's or gone, is wrong at any time.</summary>
    private async Task CheckAsync(HttpResponseMessage answer, CancellationToken end)
    {
        if (answer.IsSuccessStatusCode)
            return;
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            ledger.Wrongs.Enqueue($"{name}: {answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery} was answered "
                + $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(end)}");
        }

        throw new RefusedException($"{(int)answer.StatusCode}");
    }

    private string? SignInCookie() => _person.Cookies.GetCookies(product.Dashboard)["aigc-sign-in"]?.Value;

    private static CancellationTokenSource Limit(CancellationToken end)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        limit.CancelAfter(Patience);
        return limit;
    }

    private static async Task PauseAsync(TimeSpan pause, CancellationToken end)
    {
        try
        {
            await Task.Delay(pause, TimeProvider.System, end);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private sealed class RefusedException(string status) : Exception(status);
}
