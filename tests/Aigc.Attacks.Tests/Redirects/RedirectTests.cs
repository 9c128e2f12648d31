using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Redirects;

/// <summary>Links to the gateway that shall end on another site.</summary>
[Collection(nameof(OneTheatre))]
public sealed class RedirectTests(Theatre theatre)
{
    public static TheoryData<string> Elsewhere =>
    [
        "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test", "\\/evil.test", "https://evil.test/", "http:evil.test", "https:/evil.test",
        "/\t/evil.test", "/\n/evil.test", "\t//evil.test", " //evil.test", "javascript:alert(1)", "data:text/html,x", "evil.test", "@evil.test", ".evil.test", "%2f%2fevil.test",
        "//evil.test@localhost", "http://localhost.evil.test", "/\r\nLocation: http://evil.test", "?//evil.test", "#//evil.test",
    ];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task The_way_back_to_an_engine_stays_on_its_host(string url)
    {
        var cookie = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper);
        var answer = await theatre.TryAsync(
            "GET", theatre.Sleeper.Url.Authority, $"/.aigc/enter?code=x&returnUrl={Uri.EscapeDataString(url)}", "Accept: text/html", $"Cookie: aigc-engine={cookie}");
        StaysOn(theatre.Sleeper.Url, answer);
        var page = await theatre.TryAsync(
            "GET", theatre.Sleeper.Url.Authority, $"/.aigc/enter?code=x&returnUrl={Uri.EscapeDataString(url)}", "Accept: text/html", $"Cookie: aigc-engine={cookie}", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: navigate");
        page.Text.ShouldNotContain("evil.test");
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task Signing_in_ends_on_the_dashboard(string url)
    {
        using var carol = theatre.Product.Person("carol");
        using var http = new HttpClient(carol.Handler(redirects: false)) { BaseAddress = theatre.Product.Dashboard };
        var next = new Uri($"login?login_hint=carol&returnUrl={Uri.EscapeDataString(url)}", UriKind.Relative);
        for (var hop = 0; hop < 6; hop++)
        {
            using var answer = await http.GetAsync(next);
            if (answer.Headers.Location is not { } location)
                break;
            next = new Uri(new Uri(theatre.Product.Dashboard, next), location);
            next.Authority.ShouldBe(theatre.Dashboard);
        }
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task A_code_goes_to_the_engines_host_alone(string url)
    {
        var (_, enter) = await HandOff.BeginAsync(theatre, theatre.Sleeper);
        var target = $"{enter.Split("&returnUrl")[0]}&returnUrl={Uri.EscapeDataString(url)}";
        var answer = await theatre.UnchangedAsync(() => theatre.SendAsync("GET", theatre.Dashboard, target, [theatre.Alice.DashboardCookies]));
        new Uri(answer.Location!).Authority.ShouldBe(theatre.Sleeper.Url.Authority);
        answer.Location!.ShouldNotContain("evil.test");
    }

    [Theory]
    [InlineData("{sleeper}.evil.test")]
    [InlineData("evil.test/")]
    [InlineData("evil.test?")]
    [InlineData("{sleeper}@evil.test")]
    [InlineData("../evil.test")]
    public async Task A_code_goes_to_no_host_that_is_no_engines(string host)
    {
        var label = host.Replace("{sleeper}", theatre.Sleeper.Url.Host.Split('.')[0], StringComparison.Ordinal);
        var answer = await theatre.TryAsync("GET", theatre.Dashboard, $"/enter?host={Uri.EscapeDataString(label)}&browser={new string('a', 64)}&returnUrl=/", theatre.Alice.DashboardCookies);
        answer.ShouldBeRefused(400, 404);
        answer.Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("//evil.test/?language=zh")]
    [InlineData("/\\evil.test/?language=zh")]
    [InlineData("/%5cevil.test/?language=zh")]
    [InlineData("/?language=//evil.test")]
    public async Task Choosing_a_language_leads_nowhere_else(string target) =>
        StaysOn(theatre.Product.Dashboard, await theatre.TryAsync("GET", theatre.Dashboard, target, theatre.Alice.DashboardCookies));

    [Theory]
    [InlineData("Host: evil.test")]
    [InlineData("X-Forwarded-Host: evil.test")]
    [InlineData("Forwarded: host=evil.test")]
    public async Task The_provider_is_never_told_to_come_back_to_another_host(string header)
    {
        var host = header.StartsWith("Host", StringComparison.Ordinal) ? "evil.test" : theatre.Dashboard;
        var answer = await theatre.TryAsync("GET", host, "/login", header.StartsWith("Host", StringComparison.Ordinal) ? "X-None: x" : header);
        answer.Text.ShouldNotContain("evil.test");
    }

    private static void StaysOn(Uri host, RawAnswer answer)
    {
        if (answer.Location is { } location)
            new Uri(host, location).Authority.ShouldBe(host.Authority);
    }
}
