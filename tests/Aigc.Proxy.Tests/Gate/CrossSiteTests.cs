using System.Net;
using Aigc.Engines.Lifecycle;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Gate;

/// <summary>A page elsewhere, another engine's above all, asks for things in its visitor's name.</summary>
public sealed class CrossSiteTests
{
    private const string Own = "http://" + Gateway.EngineHost + ":8080";

    [Theory]
    [InlineData("POST", "same-site", "no-cors", "empty", null)]
    [InlineData("POST", "cross-site", "navigate", "document", null)]
    [InlineData("GET", "same-site", "no-cors", "image", null)]
    [InlineData("GET", "same-site", "no-cors", "script", null)]
    [InlineData("GET", "cross-site", "cors", "empty", null)]
    [InlineData("GET", "same-site", "navigate", "iframe", null)]
    [InlineData("GET", "cross-site", "navigate", "object", null)]
    [InlineData("GET", "same-site", "websocket", "empty", null)]
    [InlineData("DELETE", "same-site", "cors", "empty", null)]
    [InlineData("GET", "anything", "navigate", "embed", null)]
    [InlineData("POST", null, null, null, "http://evil.engines.localhost:8080")]
    [InlineData("POST", null, null, null, "null")]
    [InlineData("POST", null, null, null, "http://" + Gateway.EngineHost + ".evil.example")]
    [InlineData("POST", null, null, null, "http://" + Gateway.EngineHost + "@evil.example")]
    [InlineData("GET", null, null, null, "https://evil.example")]
    [InlineData("GET", null, null, null, "")]
    public async Task With_a_cookie_it_gets_nothing_and_starts_nothing(string method, string? site, string? mode, string? dest, string? origin)
    {
        var reached = 0;
        await using var gateway = await Gateway.StartReadyAsync(context =>
        {
            Interlocked.Increment(ref reached);
            return Task.CompletedTask;
        });

        (await gateway.SendAsync(Request(gateway, method, site, mode, dest, origin))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await gateway.BecomeAsync(EngineState.Asleep);
        (await gateway.SendAsync(Request(gateway, method, site, mode, dest, origin))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        reached.ShouldBe(0);
        gateway.Api.Visits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "cross-site", "navigate", "document", null)] // a link in a mail
    [InlineData("GET", "same-site", "navigate", "document", null)] // the dashboard's button
    [InlineData("GET", "none", "navigate", "document", null)]
    [InlineData("GET", "same-origin", "no-cors", "image", null)]
    [InlineData("POST", "same-origin", "cors", "empty", Own)]
    [InlineData("POST", null, null, null, Own)]
    [InlineData("POST", null, null, null, "https://" + Gateway.EngineHost)] // somebody before us ends TLS on another port
    [InlineData("POST", null, null, null, null)]
    public async Task What_the_engines_own_page_or_a_person_asks_for_passes(string method, string? site, string? mode, string? dest, string? origin)
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));

        (await gateway.SendAsync(Request(gateway, method, site, mode, dest, origin))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_websocket_of_another_engines_page_is_not_opened()
    {
        await using var gateway = await Gateway.StartReadyAsync(Sockets.EchoAsync);

        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(() => gateway.ConnectAsync(configure: options =>
        {
            options.SetRequestHeader("Authorization", null);
            options.SetRequestHeader("Cookie", "aigc-engine=" + Gateway.AliceCookie);
            options.SetRequestHeader("Origin", "http://evil.engines.localhost:8080");
        }));
        using var own = await gateway.ConnectAsync(configure: options =>
        {
            options.SetRequestHeader("Authorization", null);
            options.SetRequestHeader("Cookie", "aigc-engine=" + Gateway.AliceCookie);
            options.SetRequestHeader("Origin", "http://" + Gateway.EngineHost);
        });
    }

    [Theory]
    [InlineData("POST", "/api/v1/engines", "same-site", 403)]
    [InlineData("POST", "/logout", "cross-site", 403)]
    [InlineData("GET", "/api/v1/engines", "same-site", 403)]
    [InlineData("GET", "/enter?host=x", "same-site", 403)]
    [InlineData("POST", "/api/v1/engines", "same-origin", 200)]
    [InlineData("POST", "/signin-oidc", "cross-site", 200)]
    public async Task The_dashboard_answers_its_own_pages(string method, string path, string site, int status)
    {
        await using var gateway = await Gateway.StartAsync();
        var request = gateway.Request(new(method), path, token: null, host: "localhost:8080");
        request.Headers.Add("Cookie", "aigc-sign-in=x");
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", "cors");

        ((int)(await gateway.SendAsync(request)).StatusCode).ShouldBe(status);

        gateway.Api.Paths.Contains(path.Split('?')[0]).ShouldBe(status == 200);
    }

    [Fact]
    public async Task The_published_keys_are_for_everybodys_pages()
    {
        await using var gateway = await Gateway.StartAsync();
        var request = gateway.Request(HttpMethod.Get, "/.well-known/aigc/jwks.json", token: null, host: "localhost:8080");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        (await gateway.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static HttpRequestMessage Request(Gateway gateway, string method, string? site, string? mode, string? dest, string? origin)
    {
        var request = gateway.Request(new(method), "/", token: null);
        request.Headers.Add("Cookie", "aigc-engine=" + Gateway.AliceCookie);
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest), ("Origin", origin) })
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
