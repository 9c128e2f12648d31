using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Probes;

/// <summary>What asks without wanting to work: health checks, watchers, forgotten tabs. It is answered, and wakes nothing.</summary>
[Collection(nameof(OneTheatre))]
public sealed class ProbeTests(Theatre theatre)
{
    [Theory]
    [InlineData("localhost:{port}", "/health", "User-Agent: kube-probe/1.32")]
    [InlineData("127.0.0.1:{port}", "/health", "User-Agent: kube-probe/1.32")]
    [InlineData("10.0.0.7", "/alive", "User-Agent: kube-probe/1.32")]
    [InlineData("10.0.0.7", "/health", "User-Agent: GoogleHC/1.0")]
    [InlineData("localhost", "/alive", "Accept: text/html")]
    public async Task A_health_check_is_answered(string host, string target, string header) =>
        (await theatre.TryAsync("GET", host.Replace("{port}", $"{theatre.Product.Port}", StringComparison.Ordinal), target, header)).Status.ShouldBe(200);

    [Theory]
    [InlineData("GET", "/health", "User-Agent: kube-probe/1.32")]
    [InlineData("HEAD", "/", "User-Agent: UptimeRobot/2.0")]
    [InlineData("GET", "/robots.txt", "User-Agent: Googlebot/2.1")]
    [InlineData("GET", "/favicon.ico", "Accept: image/*")]
    [InlineData("GET", "/.well-known/acme-challenge/x", "User-Agent: acme")]
    [InlineData("OPTIONS", "/", "Access-Control-Request-Method: GET")]
    public async Task One_on_an_engines_host_is_a_stranger(string method, string target, string header) =>
        (await theatre.TryAsync(method, theatre.Sleeper.Url.Authority, target, header)).ShouldBeRefused(401);

    [Theory]
    [InlineData("/api/v1/engines")]
    [InlineData("/api/v1/engines/{id}")]
    [InlineData("/api/v1/engines/{id}/files")]
    [InlineData("/api/v1/engines/{id}/log")]
    [InlineData("/")]
    [InlineData("/engines/{id}/files")]
    public async Task Looking_at_an_engine_on_the_dashboard_does_not_wake_it(string target) =>
        (await theatre.TryAsync("GET", theatre.Dashboard, target.Replace("{id}", theatre.Sleeper.Id, StringComparison.Ordinal), theatre.Alice.DashboardCookies)).Status.ShouldBe(200);

    [Theory]
    [InlineData("dashboard", "/api/v1/engines/{id}/events")]
    [InlineData("engine", "/.aigc/events")]
    public async Task Watching_it_does_not_wake_it(string where, string target)
    {
        var cookie = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper);
        await theatre.UnchangedAsync(async () =>
        {
            using var watch = where == "dashboard"
                ? await OpenTalk.BeginAsync(theatre.Product.Port, theatre.Dashboard, target.Replace("{id}", theatre.Sleeper.Id, StringComparison.Ordinal), 200, theatre.Alice.DashboardCookies)
                : await OpenTalk.BeginAsync(theatre.Product.Port, theatre.Sleeper.Url.Authority, target, 200, $"Cookie: aigc-engine={cookie}");
        });
    }

    [Fact]
    public async Task A_forgotten_tab_that_polls_for_long_does_not_wake_it()
    {
        var cookie = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper);
        await theatre.UnchangedAsync(async () =>
        {
            for (var poll = 0; poll < 100; poll++)
                (await theatre.SendAsync("GET", theatre.Sleeper.Url.Authority, "/queue", [$"Cookie: aigc-engine={cookie}", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: same-origin"])).ShouldBeRefused(503);
        });
    }
}
