using System.Net;
using System.Text.RegularExpressions;
using Aigc.Engines.People;

namespace Aigc.Api.Tests.Dashboard;

/// <summary>A browser without JavaScript: keeps cookies, reads pages, submits the forms it finds on them.</summary>
public sealed partial class Browser : IDisposable
{
    private readonly HttpClientHandler _handler = new() { CookieContainer = new(), AllowAutoRedirect = false };
    private readonly HttpClient _http;

    public Browser(Uri address, string? language = null, string? signIn = null)
    {
        _http = new(_handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Add("Accept", "text/html");
        _http.DefaultRequestHeaders.Add("Accept-Language", language ?? "en");
        if (signIn is not null)
            _handler.CookieContainer.Add(address, new Cookie("aigc-sign-in", signIn));
    }

    public UserId User { get; init; }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent content) => _http.PostAsync(path, content);

    public Task<Stream> StreamAsync(string path) => _http.GetStreamAsync(path);

    /// <summary>The page, which must be there.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var response = await GetAsync(path);
        var html = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, html);
        return html;
    }

    public async Task<string> TokenAsync(string page) => TokenPattern().Match(await ReadAsync(page)).Groups[1].Value;

    /// <summary>Finds the form on the page, submits it, and follows where it leads.</summary>
    /// <returns>The page after it.</returns>
    public async Task<string> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var html = await ReadAsync(page);
        html.ShouldContain($"action=\"{action}\"");
        var values = fields.Append(("__RequestVerificationToken", TokenPattern().Match(html).Groups[1].Value));
        using var content = new FormUrlEncodedContent(values.Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var response = await PostAsync(action, content);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
        return await ReadAsync(response.Headers.Location!.OriginalString);
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex TokenPattern();
}
