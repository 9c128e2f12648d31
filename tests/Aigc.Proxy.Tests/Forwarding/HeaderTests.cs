using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Forwarding;

public sealed class HeaderTests
{
    private static Task Echo(HttpContext context) => context.Response.WriteAsJsonAsync(
        context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    [Fact]
    public async Task The_engine_learns_who_asks_from_us_and_never_sees_our_credentials()
    {
        await using var gateway = await Gateway.StartReadyAsync(Echo);
        var request = gateway.Request(HttpMethod.Get, "/");
        foreach (var name in new[] { "X-Forwarded-User", "x-forwarded-email", "X_Forwarded_User", "Forwarded", "X-Real-IP", "X-Gateway-Key", "Remote-User" })
            request.Headers.TryAddWithoutValidation(name, "root");
        request.Headers.Add("Cookie", "theme=dark; aigc-engine=secret; aigc-enter=nonce; AIGC-other=x; __Host-aigc-engine=y; lang=zh");
        request.Headers.Add("Origin", "http://" + Gateway.EngineHost + ":8080");
        request.Headers.Host = Gateway.EngineHost + ":8080";

        var seen = (await (await gateway.SendAsync(request)).Content.ReadFromJsonAsync<Dictionary<string, string>>())!;

        seen.Values.ShouldNotContain("root");
        seen["X-Forwarded-User"].ShouldBe("alice");
        seen["X-Forwarded-For"].ShouldBe("127.0.0.1");
        seen["X-Forwarded-Proto"].ShouldBe("http");
        seen["Cookie"].ShouldBe("theme=dark; lang=zh");
        seen["Host"].ShouldBe(Gateway.EngineHost + ":8080");
        seen["Origin"].ShouldBe("http://" + Gateway.EngineHost + ":8080");
        seen.ShouldNotContainKey("Authorization");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_visitors_trace_goes_on_in_the_engine_whether_or_not_we_trace(bool weTrace)
    {
        const string Theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => weTrace && source.Name.StartsWith("Aigc.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var gateway = await Gateway.StartReadyAsync(Echo);
        var request = gateway.Navigation("/");
        request.Headers.Add("traceparent", Theirs);

        var seen = (await (await gateway.SendAsync(request)).Content.ReadFromJsonAsync<Dictionary<string, string>>())!;

        seen["traceparent"].ShouldBe(Theirs);
    }

    [Fact]
    public async Task The_engines_own_authorization_passes_beside_our_cookie()
    {
        await using var gateway = await Gateway.StartReadyAsync(Echo);
        var request = gateway.Navigation("/");
        request.Headers.Authorization = new("Basic", "dXNlcjpwYXNz");

        var seen = (await (await gateway.SendAsync(request)).Content.ReadFromJsonAsync<Dictionary<string, string>>())!;

        seen["Authorization"].ShouldBe("Basic dXNlcjpwYXNz");
        seen.ShouldNotContainKey("Cookie");
    }

    [Fact]
    public async Task Hostile_cookies_and_headers_of_an_engine_stop_here()
    {
        await using var gateway = await Gateway.StartReadyAsync(context =>
        {
            context.Response.Headers.SetCookie = new(["theme=dark", "aigc-engine=evil", "all=1; domain=localhost"]);
            context.Response.Headers["X-Gateway-Anything"] = "1";
            context.Response.Headers.AltSvc = "h3=\":1\"";
            return Task.CompletedTask;
        });

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));

        answer.Headers.GetValues("Set-Cookie").ShouldBe(["theme=dark"]);
        answer.Headers.Contains("X-Gateway-Anything").ShouldBeFalse();
        answer.Headers.Contains("Alt-Svc").ShouldBeFalse();
    }

    [Theory]
    [InlineData("aigc-engine=evil")]
    [InlineData("\taigc-engine=evil; Path=/")]
    [InlineData("aigc-engine =evil")]
    [InlineData("AIGC-ENGINE=evil")]
    [InlineData("__host-aigc-engine=evil; Secure; Path=/")]
    [InlineData("=aigc-engine=evil")]
    [InlineData("a=b;\tDomain=localhost")]
    [InlineData("a=b; domain =.engines.localhost")]
    [InlineData("a=b;\r\n Domain=localhost")]
    public async Task No_spelling_of_a_cookie_gets_past_the_door(string cookie)
    {
        await using var engine = new RawEngine(
            $"HTTP/1.1 200 OK\r\nSet-Cookie: theme=dark\r\nSet-Cookie: {cookie}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await using var gateway = await Gateway.StartAsync();
        await gateway.BecomeAsync(Aigc.Engines.Lifecycle.EngineState.Ready, engine.Address);

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));

        answer.Headers.GetValues("Set-Cookie").ShouldBe(["theme=dark"]);
    }

    [Fact]
    public async Task Many_cookies_of_an_engine_pass_in_order_and_ours_do_not()
    {
        await using var gateway = await Gateway.StartReadyAsync(Echo);
        var cookies = Enumerable.Range(0, 60).Select(i => $"cookie-{i}={new string('x', 40)}").ToList();
        var request = gateway.Navigation("/", $"{string.Join("; ", cookies.Take(30))}; aigc-engine={Gateway.AliceCookie}; {string.Join(";", cookies.Skip(30))};");

        var seen = (await (await gateway.SendAsync(request)).Content.ReadFromJsonAsync<Dictionary<string, string>>())!;

        seen["Cookie"].ShouldBe(string.Join("; ", cookies));
    }

    [Theory]
    [InlineData("/a%2Fb/%E4%B8%AD?x=%20+&y=[1]")]
    [InlineData("/view?filename=a%5Cb.png")]
    [InlineData("//twice")]
    public async Task The_address_reaches_the_engine_as_it_was_sent(string target)
    {
        await using var gateway = await Gateway.StartReadyAsync(context =>
            context.Response.WriteAsync(context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget));

        var answer = await Raw.SendAsync(gateway.Address,
            $"GET {target} HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nAuthorization: Bearer {Gateway.AliceToken}\r\nConnection: close\r\n\r\n");

        answer.ShouldContain(target);
    }

    [Fact]
    public async Task An_engines_reserved_paths_are_never_its_own()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));

        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/.aigc/anything"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
