using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.Testing;

/// <summary>Somebody with a client that keeps cookies and follows redirects, and knows that *.localhost is this machine.</summary>
public sealed class Person : IDisposable
{
    private readonly Product _product;
    private readonly string _name;

    public Person(Product product, string name)
    {
        (_product, _name) = (product, name);
        Http = new HttpClient(Handler(redirects: true)) { BaseAddress = product.Dashboard, Timeout = TimeSpan.FromMinutes(3) };
    }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    /// <summary>What writes with the cookie have to carry; null before the sign-in.</summary>
    public string? Antiforgery { get; private set; }

    public async Task<Person> SignInAsync()
    {
        using var answer = await Http.GetAsync($"login?login_hint={_name}&returnUrl=/api/v1/me");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var me = await answer.Content.ReadFromJsonAsync<JsonObject>();
        me!["userName"]!.GetValue<string>().ShouldBe(_name);
        Antiforgery = answer.Headers.GetValues("X-XSRF-TOKEN").Single();
        return this;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Antiforgery is not null)
            request.Headers.Add("X-XSRF-TOKEN", Antiforgery);
        if (body is string text)
            request.Content = new StringContent(text, Encoding.UTF8, "application/yaml");
        else if (body is not null)
            request.Content = JsonContent.Create(body);
        return await Http.SendAsync(request);
    }

    public async Task<JsonNode> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}\n{_product.Log}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public async Task OfferAsync(string name, string yaml) => await CallAsync(HttpMethod.Put, $"api/v1/templates/{name}", yaml);

    public async Task<TakenEngine> TakeAsync(string template)
    {
        var engine = await CallAsync(HttpMethod.Post, "api/v1/engines", new { template });
        return new(this, engine["id"]!.GetValue<string>(), new Uri(engine["url"]!.GetValue<string>()));
    }

    public SocketsHttpHandler Handler(bool redirects) => new()
    {
        CookieContainer = Cookies,
        AllowAutoRedirect = redirects,
        UseProxy = false,
        MaxAutomaticRedirections = 20,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public void Dispose() => Http.Dispose();
}

/// <summary>An engine as its owner's programs see it.</summary>
public sealed record TakenEngine(Person Owner, string Id, Uri Url)
{
    public Task<JsonNode> ReadAsync() => Owner.CallAsync(HttpMethod.Get, $"api/v1/engines/{Id}");

    public async Task<string> StateAsync() => (await ReadAsync())["state"]!.GetValue<string>();

    public Task<JsonNode> AskAsync(string action) => Owner.CallAsync(HttpMethod.Post, $"api/v1/engines/{Id}/{action}");

    public async Task ReachesAsync(string state, TimeSpan? within = null)
    {
        JsonNode? last = null;
        await Eventually.TrueAsync($"{Url} is {state}", within ?? TimeSpan.FromSeconds(30), async () =>
        {
            last = await ReadAsync();
            return last["state"]!.GetValue<string>() == state;
        }, () => last?.ToJsonString(Indented) ?? "");
    }

    /// <summary>Makes the person's client enter the engine's host: hand-off, cookie, hold until it is awake.</summary>
    public async Task<HttpResponseMessage> VisitAsync(string path = "", HttpMethod? method = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(Url, path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        return await Owner.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A navigation, as a browser without <c>Sec-Fetch</c> headers would do it: brings the cookie for this host.</summary>
    public async Task<HttpResponseMessage> NavigateAsync(string path = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, path));
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml");
        return await Owner.Http.SendAsync(request);
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
