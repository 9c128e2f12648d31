using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Answers;

public sealed class OwnHeaderTests
{
    [Theory]
    [InlineData("https://gateway.example.com", true)]
    [InlineData("http://localhost:8080", false)]
    public async Task Our_pages_are_framed_by_nobody_run_no_script_of_others_and_insist_on_tls(string publicUrl, bool secure)
    {
        await using var gateway = await Gateway.StartAsync(("Gateway:PublicUrl", publicUrl));
        foreach (var request in new[]
        {
            gateway.Navigation("/", (secure ? "__Host-" : "") + "aigc-engine=" + Gateway.AliceCookie), // the waiting page
            gateway.Navigation("/.aigc/enter?code=stale", cookie: null), // a problem as a page
            gateway.Navigation("/.aigc/nothing"),
            gateway.Navigation("/", cookie: null), // to the sign-in
            gateway.Request(HttpMethod.Get, "/", Gateway.BobToken), // a problem for a program
            gateway.Request(HttpMethod.Get, "/", host: "evil.example"),
        })
        {
            using var answer = await gateway.SendAsync(request);
            string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

            Header("X-Content-Type-Options").ShouldBe("nosniff");
            Header("Referrer-Policy").ShouldBe("no-referrer");
            Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin");
            Header("Cache-Control").ShouldBe("no-store");
            Header("Strict-Transport-Security").ShouldBe(secure ? "max-age=31536000" : "");
            if (answer.Content.Headers.ContentType?.MediaType == "text/html")
            {
                Header("Content-Security-Policy").ShouldStartWith("default-src 'none';");
                Header("Content-Security-Policy").ShouldContain("frame-ancestors 'none'");
                Header("Content-Security-Policy").ShouldNotContain("unsafe");
            }
        }
    }

    [Fact]
    public async Task An_engines_own_pages_are_its_own_business()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("<h1>engine</h1>"));

        var answer = await gateway.SendAsync(gateway.Navigation("/"));

        answer.Headers.Select(header => header.Key).ShouldBe(["Date", "Server", "Transfer-Encoding"], ignoreOrder: true);
    }
}
