using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.CrossSite;

/// <summary>A hostile page in Alice's browser: her cookies go along, and nothing that the page could read does.</summary>
[Collection(nameof(OneTheatre))]
public sealed class DashboardTests(Theatre theatre)
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Json = "Content-Type: application/json";
    private const string Plain = "Content-Type: text/plain";

    [Theory]
    [InlineData("POST", "/api/v1/engines/{sleeper}/wake", Json, "")]
    [InlineData("POST", "/api/v1/engines/{sleeper}/wake", Plain, "")]
    [InlineData("POST", "/api/v1/engines/{awake}/sleep", Form, "")]
    [InlineData("POST", "/api/v1/engines/{awake}/restart", Form, "")]
    [InlineData("POST", "/api/v1/engines/{awake}/keep-awake", Json, """{"minutes":60}""")]
    [InlineData("PUT", "/api/v1/engines/{sleeper}/pre-wake", Json, """{"allowed":false}""")]
    [InlineData("DELETE", "/api/v1/engines/{sleeper}?disk=remove", Plain, "")]
    [InlineData("POST", "/api/v1/engines", Json, """{"template":"hostile"}""")]
    [InlineData("POST", "/api/v1/engines", Plain, """{"template":"hostile"}""")]
    [InlineData("POST", "/api/v1/tokens", Json, """{"name":"stolen"}""")]
    [InlineData("POST", "/api/v1/tokens", Plain, """{"name":"stolen"}""")]
    [InlineData("PUT", "/api/v1/engines/{sleeper}/files/content?path=secret.txt", Plain, "mine")]
    [InlineData("DELETE", "/api/v1/engines/{sleeper}/files?path=secret.txt", Plain, "")]
    [InlineData("GET", "/api/v1/engines/{sleeper}/wake", Plain, null)]
    [InlineData("GET", "/api/v1/engines/{sleeper}?_method=DELETE&disk=remove", Plain, null)]
    [InlineData("POST", "/api/v1/engines/{sleeper}?_method=DELETE&disk=remove", Form, "_method=DELETE")]
    [InlineData("POST", "/engines", Form, "template=hostile")]
    [InlineData("POST", "/engines/{sleeper}/wake", Form, "")]
    [InlineData("POST", "/engines/{awake}/sleep", Form, "")]
    [InlineData("POST", "/engines/{awake}/restart", Form, "")]
    [InlineData("POST", "/engines/{awake}/keep-awake", Form, "minutes=60")]
    [InlineData("POST", "/engines/{sleeper}/pre-wake", Form, "allowed=false")]
    [InlineData("POST", "/engines/{sleeper}/delete", Form, "disk=remove")]
    [InlineData("POST", "/engines/{sleeper}/files", "Content-Type: multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"secret.txt\"\r\n\r\nmine\r\n--b--\r\n")]
    [InlineData("POST", "/engines/{sleeper}/files/delete", Form, "path=secret.txt")]
    [InlineData("GET", "/engines/{sleeper}/wake", Plain, null)]
    [InlineData("POST", "/tokens", Form, "name=stolen")]
    [InlineData("POST", "/logout", Form, "")]
    public async Task Without_the_pages_token_nothing_is_done(string method, string target, string type, string? body)
    {
        foreach (var token in new[] { null, "X-XSRF-TOKEN: x", "X-XSRF-TOKEN:", theatre.Bob.Antiforgery })
        {
            string[] headers = [theatre.Alice.DashboardCookies, type, "Origin: http://evil.test", "Sec-Fetch-Site: cross-site", .. token is null ? Array.Empty<string>() : [token]];
            var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(method, theatre.Dashboard, Filled(target), headers, body));
            // A read with a strange query is still a read.
            if (!target.Contains("_method=DELETE", StringComparison.Ordinal) || method != "GET")
                answer.ShouldBeRefused(400, 403, 404, 405, 415);
        }

        (await theatre.SendAsync("GET", theatre.Dashboard, "/api/v1/me", [theatre.Alice.DashboardCookies])).Status.ShouldBe(200, "she is still signed in");
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("X-HTTP-Method: DELETE")]
    [InlineData("X-Method-Override: DELETE")]
    public async Task A_read_stays_a_read_whatever_a_header_says(string header) =>
        (await theatre.TryAsync("GET", theatre.Dashboard, $"/api/v1/engines/{theatre.Sleeper.Id}?disk=remove", theatre.Alice.DashboardCookies, header)).Status.ShouldBe(200);

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    [InlineData("{hostile}")]
    public async Task No_other_origin_may_read_an_answer(string origin)
    {
        var line = $"Origin: {origin.Replace("{hostile}", $"http://{theatre.Hostile.Url.Authority}", StringComparison.Ordinal)}";
        foreach (var path in new[] { "/api/v1/me", "/api/v1/engines", "/", $"/api/v1/engines/{theatre.Sleeper.Id}/files/content?path=secret.txt" })
        {
            var answer = await theatre.TryAsync("GET", theatre.Dashboard, path, theatre.Alice.DashboardCookies, line);
            answer.Header("Access-Control-Allow-Origin").ShouldBeEmpty();
            var asked = await theatre.TryAsync("OPTIONS", theatre.Dashboard, path, theatre.Alice.DashboardCookies, line, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: x-xsrf-token");
            asked.Header("Access-Control-Allow-Origin").ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/tokens")]
    [InlineData("/engines/{sleeper}/files")]
    [InlineData("/logout")]
    [InlineData("/no-such-page")]
    [InlineData("/api/v1/me")]
    public async Task No_page_of_the_dashboards_can_be_framed_or_given_a_script(string path)
    {
        var policy = (await theatre.TryAsync("GET", theatre.Dashboard, Filled(path), theatre.Alice.DashboardCookies, "Accept: text/html")).Header("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("base-uri 'none'");
        policy.ShouldNotContain("unsafe-inline");
    }

    private string Filled(string text) => text
        .Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal)
        .Replace("{awake}", theatre.Awake.Id, StringComparison.Ordinal);
}
