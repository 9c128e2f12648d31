using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Aigc.Testing.Services;

/// <summary>A plain HTTP client with a cookie jar.</summary>
public sealed class Visitor : IDisposable
{
    private readonly HttpClientHandler _handler = new() { CookieContainer = new(), AllowAutoRedirect = false };
    private readonly HttpClient _http;

    public Visitor(Uri address) => _http = new(_handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };

    public string? Antiforgery { get; set; }

    public string? Bearer { get; init; }

    public string? Cookie(string name) => _handler.CookieContainer.GetCookies(_http.BaseAddress!)[name]?.Value;

    public async Task SignInAsync(string name)
    {
        using var me = await FollowAsync($"/login?login_hint={name}&returnUrl=/api/v1/me");
        me.StatusCode.ShouldBe(HttpStatusCode.OK);
        Antiforgery = me.Headers.GetValues("X-XSRF-TOKEN").Single();
    }

    /// <summary>Goes wherever it is sent, as a browser does.</summary>
    public async Task<HttpResponseMessage> FollowAsync(string path)
    {
        var response = await SendAsync(HttpMethod.Get, path);
        while (response.Headers.Location is { } location)
            response = await SendAsync(HttpMethod.Get, new Uri(response.RequestMessage!.RequestUri!, location).AbsoluteUri);
        return response;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    public Task<HttpResponseMessage> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body));

    public Task<HttpResponseMessage> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<HttpResponseMessage> PutYamlAsync(string path, string yaml) =>
        SendAsync(HttpMethod.Put, path, new StringContent(yaml, Encoding.UTF8, "text/yaml"));

    public Task<HttpResponseMessage> PostYamlAsync(string path, string yaml) =>
        SendAsync(HttpMethod.Post, path, new StringContent(yaml, Encoding.UTF8, "text/yaml"));

    public Task<Stream> StreamAsync(string path) => _http.GetStreamAsync(path);

    /// <summary>The JSON of a success.</summary>
    public static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> request, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The problem of a failure: of the given name (null: any), with a sentence.</summary>
    public static async Task<JsonElement> ProblemAsync(Task<HttpResponseMessage> request, HttpStatusCode expected, string? name)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        var type = problem.GetProperty("type").GetString();
        if (name is not null)
            type.ShouldBe($"urn:aigc:problem:{name}");
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        return problem;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (Antiforgery is not null)
            request.Headers.Add("X-XSRF-TOKEN", Antiforgery);
        if (Bearer is not null)
            request.Headers.Authorization = new("Bearer", Bearer);
        return await _http.SendAsync(request);
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }
}
