using System.Text;
using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Headers;

/// <summary>What a hostile engine answers, to leave something in a visitor's browser or to confuse the gateway.</summary>
[Collection(nameof(OneTheatre))]
public sealed class AnswerTests(Theatre theatre)
{
    [Theory]
    [InlineData("aigc-engine=x")]
    [InlineData("aigc-enter=x")]
    [InlineData("aigc-sign-in=x; Path=/")]
    [InlineData("AIGC-Engine=x")]
    [InlineData(" aigc-engine=x")]
    [InlineData("\"aigc-engine\"=x")]
    [InlineData("__Host-aigc-engine=x; Secure; Path=/")]
    [InlineData("__host-AIGC-engine=x; Secure; Path=/")]
    [InlineData("=aigc-engine=x")]
    [InlineData("aigc-engine")]
    [InlineData("mine=x; Domain=localhost")]
    [InlineData("mine=x; domain=.localhost")]
    [InlineData("mine=x; DOMAIN = localhost")]
    [InlineData("mine=x;Domain=localhost;Domain=")]
    [InlineData("mine=x;\tDomain\t=localhost")]
    [InlineData("aigc-antiforgery=x; Domain=localhost")]
    public async Task A_cookie_for_more_than_its_own_host_or_under_our_names_is_dropped(string cookie)
    {
        var answer = await AnswerAsync($"HTTP/1.1 200 OK\r\nSet-Cookie: {cookie}\r\nSet-Cookie: good=1\r\nContent-Length: 2\r\n\r\nok");
        answer.Status.ShouldBe(200);
        answer.Cookies.ShouldBe(["good=1"]);
    }

    [Theory]
    [InlineData("X-Gateway-Key: x", "X-Gateway-Key")]
    [InlineData("X_Gateway_Key: x", "X_Gateway_Key")]
    [InlineData("Alt-Svc: h2=\"evil.test:443\"", "Alt-Svc")]
    public async Task A_header_that_is_the_gateways_is_dropped(string header, string name) =>
        (await AnswerAsync($"HTTP/1.1 200 OK\r\n{header}\r\nContent-Length: 2\r\n\r\nok")).Header(name).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 999999 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfree at last")]
    public async Task An_answer_that_is_none_ends_as_an_error_and_the_gateway_goes_on(string bytes)
    {
        var answer = await AnswerAsync(bytes);
        (answer.Status is 0 or >= 500 || !answer.Text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)).ShouldBeTrue(answer.Text);
        (await theatre.SendAsync("GET", theatre.Dashboard, "/alive", [])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Headers_without_end_are_not_read_to_their_end() =>
        (await theatre.UnchangedAsync(
            () => theatre.SendAsync("GET", theatre.Hostile.Url.Authority, "/headers-without-end", [theatre.Bob.Bearer]), theatre.Hostile)).ShouldBeRefused(502);

    [Fact]
    public async Task Two_answers_at_once_are_not_kept_for_the_next_visitor()
    {
        await AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nX-Poison: 1\r\nContent-Length: 6\r\n\r\npoison");
        for (var visit = 0; visit < 5; visit++)
            (await theatre.SendAsync("GET", theatre.Hostile.Url.Authority, "/next", [theatre.Bob.Bearer])).Text.ShouldNotContain("poison", Case.Insensitive);
    }

    [Theory]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://localhost/internal/visits")]
    [InlineData("http://{sleeper}/")]
    public async Task The_gateway_follows_no_redirect_of_an_engine(string location)
    {
        var target = location.Replace("{sleeper}", theatre.Sleeper.Url.Authority, StringComparison.Ordinal);
        var answer = await AnswerAsync($"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        answer.Status.ShouldBe(302);
        answer.Location.ShouldBe(target, "it is the browser's to follow, and meets the door again");
    }

    private Task<RawAnswer> AnswerAsync(string bytes)
    {
        var target = $"/raw?{Uri.EscapeDataString(Convert.ToBase64String(Encoding.Latin1.GetBytes(bytes)))}";
        return theatre.UnchangedAsync(() => theatre.SendAsync("GET", theatre.Hostile.Url.Authority, target, [theatre.Bob.Bearer]), theatre.Hostile);
    }
}
