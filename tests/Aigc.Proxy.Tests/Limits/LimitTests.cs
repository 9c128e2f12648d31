using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc.Engines.Lifecycle;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Limits;

public sealed class LimitTests
{
    private static readonly (string, string) BehindUs = ("Gateway:TrustedProxies", "127.0.0.0/8, ::1/128");

    [Theory]
    [InlineData("/login?returnUrl=%2F")]
    [InlineData("/LOGIN")]
    [InlineData("/signin-oidc?code=x&state=y")]
    [InlineData("/enter?host=x")]
    public async Task Who_signs_in_too_often_waits_and_others_do_not(string path)
    {
        await using var gateway = await Gateway.StartAsync(BehindUs, ("Limits:SignInsPerAddress", "2"));
        (await FromAsync(gateway, "203.0.113.1", path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FromAsync(gateway, "203.0.113.1", path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var before = gateway.Api.Paths.Count;

        var refused = await FromAsync(gateway, "203.0.113.1", path);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 30);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:aigc:problem:too-many-requests");
        gateway.Api.Paths.Count.ShouldBe(before, "the API was spared");
        (await FromAsync(gateway, "203.0.113.2", path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FromAsync(gateway, "203.0.113.1", "/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Calls_of_the_api_are_counted_by_address()
    {
        await using var gateway = await Gateway.StartAsync(BehindUs, ("Limits:CallsPerAddress", "1"));
        (await FromAsync(gateway, "203.0.113.1", "/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await FromAsync(gateway, "203.0.113.1", "/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await FromAsync(gateway, "2001:db8::1", "/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_tries_credentials_is_stopped_and_who_is_signed_in_at_the_same_address_goes_on()
    {
        var time = new MovableTime();
        await using var gateway = await Gateway.StartAtAsync(time, ("Limits:FailuresPerAddress", "3"));
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync("engine"));
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 3; i++)
            (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: $"aigc_guess-{i}"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var asked = gateway.Api.Paths.Count(path => path == "/internal/authenticate");

        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: "aigc_guess-4"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        gateway.Api.Paths.Count(path => path == "/internal/authenticate").ShouldBe(asked, "nobody was asked whose it is");
        time.Move(TimeSpan.FromMinutes(1)); // has to be verified again
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.SendAsync(gateway.Navigation("/", cookie: null))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task One_address_wakes_so_often_and_no_more()
    {
        await using var gateway = await Gateway.StartAsync(("Limits:WakesPerAddress", "2"));
        HttpRequestMessage Wake() => gateway.Request(HttpMethod.Post, "/.aigc/wake");
        (await gateway.SendAsync(Wake())).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await gateway.SendAsync(Wake())).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        var refused = await gateway.SendAsync(Wake());

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        gateway.Api.Visits.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_signed_in_person_at_a_ready_engine_meets_no_limit()
    {
        await using var gateway = await Gateway.StartAsync(
            ("Limits:SignInsPerAddress", "1"), ("Limits:FailuresPerAddress", "1"), ("Limits:CallsPerAddress", "1"), ("Limits:WakesPerAddress", "1"));
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync("engine"));

        for (var i = 0; i < 100; i++)
            (await gateway.SendAsync(gateway.Navigation("/"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("", "203.0.113.7", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "127.0.0.1")]
    [InlineData("127.0.0.0/8", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8", "6.6.6.6, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8, 10.0.0.0/8", "6.6.6.6, 203.0.113.7, 10.1.2.3", "203.0.113.7")]
    [InlineData("127.0.0.0/8", "nonsense", "127.0.0.1")]
    public async Task Only_proxies_that_the_settings_name_tell_where_somebody_comes_from(string trusted, string told, string seen)
    {
        await using var gateway = await Gateway.StartAsync(("Gateway:TrustedProxies", trusted));
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync(
            string.Join('|', context.Request.Headers.Where(header => header.Key.StartsWith('X')).Select(header => $"{header.Key}={header.Value}"))));
        var request = gateway.Request(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-For", told);

        var answer = await (await gateway.SendAsync(request)).Content.ReadAsStringAsync();

        answer.ShouldContain($"X-Forwarded-For={seen}|");
        answer.ShouldNotContain("X-Original");
    }

    [Fact]
    public async Task Who_keeps_too_many_engines_awake_is_told_which_and_waits_for_nothing()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Api.TooManyAwake = new(2, ["demo-alice-1111", "comfy-alice-2222"]);

        var page = await gateway.SendAsync(gateway.Navigation("/"));
        var call = await gateway.SendAsync(gateway.Request(HttpMethod.Post, "/generate"));

        (page.StatusCode, call.StatusCode).ShouldBe((HttpStatusCode.Conflict, HttpStatusCode.Conflict));
        var text = await page.Content.ReadAsStringAsync();
        text.ShouldContain("demo-alice-1111, comfy-alice-2222");
        text.ShouldContain("http://localhost:8080/");
        (await call.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:aigc:problem:too-many-awake");
        gateway.Live.Route.State.ShouldBe(EngineState.Asleep);
    }

    private static Task<HttpResponseMessage> FromAsync(Gateway gateway, string address, string path)
    {
        var request = gateway.Request(HttpMethod.Get, path, token: null, host: "localhost:8080");
        request.Headers.Add("X-Forwarded-For", address);
        return gateway.SendAsync(request);
    }
}
