using System.Net;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Gate;

public sealed class HostTests
{
    [Theory]
    [InlineData("evil.example.com", 421)]
    [InlineData("demo-alice-7k3q.engines.localhost.", 421)]
    [InlineData("demo-alice-7k3q.engines.localhost.evil.com", 421)]
    [InlineData("x.demo-alice-7k3q.engines.localhost", 421)]
    [InlineData("DEMO-Alice-7k3q.Engines.LocalHost:8080", 200)]
    [InlineData("localhost:8080", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("nobody.engines.localhost", 404)]
    public async Task Only_exact_hosts_are_served(string host, int status)
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", host: host));

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("/internal/visits")]
    [InlineData("//internal/visits")]
    [InlineData("/%69nternal/visits")]
    [InlineData("/x/../internal/visits")]
    [InlineData("/x/%2e%2e/internal/visits")]
    [InlineData("/INTERNAL/visits")]
    [InlineData("/%2Finternal/visits")]
    [InlineData("/%5cinternal/visits")]
    [InlineData("/./internal")]
    public async Task Nobody_outside_reaches_internal_paths(string path)
    {
        await using var gateway = await Gateway.StartAsync();
        var before = gateway.Api.Paths.Count;

        var answer = await Raw.SendAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 404");
        gateway.Api.Paths.Count.ShouldBe(before);
    }

    [Fact]
    public async Task An_engine_made_a_moment_ago_is_found_through_the_api()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Api.Routes["fresh"] = gateway.Live.Route with { Host = "fresh", Engine = Aigc.Engines.Lifecycle.EngineId.New() };

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", host: "fresh.engines.localhost", token: Gateway.BobToken));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Health_tells_what_is_missing_until_all_is_there()
    {
        await using var gateway = await Gateway.StartAsync();

        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/health", host: "localhost"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/alive", host: "10.0.0.7"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Health_fails_in_words_while_the_api_is_away()
    {
        await using var gateway = await Gateway.StartAsync(("services:api:http:0", "http://127.0.0.1:1"));

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/health", host: "localhost"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("The API does not answer its health check.");
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/alive", host: "localhost"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_proxy_whose_api_went_away_keeps_its_place_and_says_what_is_lacking()
    {
        await using var gateway = await Gateway.StartAsync();
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/health", host: "localhost"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        gateway.Api.Away = true;
        var told = "";
        await Wait.UntilAsync(() =>
        {
            using var answer = gateway.SendAsync(gateway.Request(HttpMethod.Get, "/health", host: "localhost")).GetAwaiter().GetResult();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, "people at ready engines would lose their way in");
            told = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            return told.Contains("Degraded", StringComparison.Ordinal);
        });
        told.ShouldContain("The API does not answer its health check.");
    }

    [Theory]
    [InlineData("Host: .engines.localhost\r\n", "HTTP/1.1 421")]
    [InlineData("Host: engines.localhost\r\n", "HTTP/1.1 421")]
    [InlineData("Host: -._.engines.localhost\r\n", "HTTP/1.1 421")]
    [InlineData("Host:\r\n", "HTTP/1.1 421")]
    [InlineData("Host: a.engines.localhost\r\nHost: localhost\r\n", "HTTP/1.1 400")]
    [InlineData("", "HTTP/1.1 400")]
    [InlineData("Host: root@demo-alice-7k3q.engines.localhost\r\n", "HTTP/1.1 4")]
    [InlineData("Host: demo-alice-7k3q.engines.localhost:80:80\r\n", "HTTP/1.1 4")]
    [InlineData("Host: demo-alice-7k3q.engines.localhost:80@evil.example\r\n", "HTTP/1.1 4")]
    [InlineData("Host: demo-alice-7k3q.engines.localhost:x\r\n", "HTTP/1.1 4")]
    [InlineData("Host: demo_alice.engines.localhost\r\n", "HTTP/1.1 421")]
    [InlineData("Host: d\u00e9mo.engines.localhost\r\n", "HTTP/1.1 4")]
    [InlineData("Host: demo-alice-7k3q%2eengines.localhost\r\n", "HTTP/1.1 4")]
    [InlineData("Host: demo-alice-7k3q.engines.localhost/\r\n", "HTTP/1.1 4")]
    [InlineData("Host: demo-alice-7k3q.engines.localhost#\r\n", "HTTP/1.1 4")]
    [InlineData("Host: [demo-alice-7k3q.engines.localhost]\r\n", "HTTP/1.1 4")]
    [InlineData("Host: evil.example\r\nX-Forwarded-Host: demo-alice-7k3q.engines.localhost\r\n", "HTTP/1.1 421")]
    [InlineData("Host: evil.example\r\nForwarded: host=localhost\r\nX-Host: localhost\r\n", "HTTP/1.1 421")]
    public async Task A_host_that_names_no_engine_reaches_nothing(string header, string status)
    {
        await using var gateway = await Gateway.StartAsync();
        var before = gateway.Api.Paths.Count;

        (await Raw.SendAsync(gateway.Address, $"GET / HTTP/1.1\r\n{header}Connection: close\r\n\r\n")).ShouldStartWith(status);

        gateway.Api.Paths.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("Development", true, "/identity/authorize", true)]
    [InlineData("Development", true, "/identityx", false)]
    [InlineData("Development", false, "/identity/authorize", false)]
    [InlineData("Production", true, "/identity/authorize", false)]
    public async Task The_identity_provider_for_development_is_reached_nowhere_else(string environment, bool configured, string path, bool reached)
    {
        await using var identity = await Server.StartAsync(null, app => app.Run(context => context.Response.WriteAsync("identity")));
        await using var gateway = await Gateway.StartInAsync(
            environment, configured ? [("services:identity:http:0", identity.Address.ToString())] : []);

        var answer = await (await gateway.SendAsync(gateway.Request(HttpMethod.Get, path, host: "localhost"))).Content.ReadAsStringAsync();

        (answer == "identity").ShouldBe(reached);
        gateway.Api.Paths.Contains(path).ShouldBe(!reached);
    }

    [Fact]
    public async Task The_api_hears_our_word_on_who_asks_and_no_other()
    {
        await using var gateway = await Gateway.StartAsync();
        var request = gateway.Request(HttpMethod.Get, "/", host: "localhost:8080");
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("X-Gateway-Key", FakeApi.Key);
        request.Headers.Add("X-Forwarded-User", "root");

        var seen = await (await gateway.SendAsync(request)).Content.ReadAsStringAsync();

        seen.ShouldContain("\"Host\":\"localhost:8080\"");
        seen.ShouldContain("\"X-Forwarded-For\":\"127.0.0.1\"");
        seen.ShouldNotContain("6.6.6.6");
        seen.ShouldNotContain("X-Gateway-Key");
        seen.ShouldNotContain("X-Forwarded-User");
    }
}
