using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Smuggling;

/// <summary>Requests that two servers in a row could take for two different ones. What is hidden in them wants Alice's engine, or the services' own paths.</summary>
[Collection(nameof(OneTheatre))]
public sealed class SmugglingTests(Theatre theatre)
{
    private string Hidden => $"POST /internal/visits HTTP/1.1\r\nHost: x\r\nX-Gateway-Key: {theatre.GatewayKey}\r\nX-Smuggled: 1\r\nContent-Length: 0\r\n\r\n";

    public static TheoryData<string> Oddities =>
    [
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n{hidden}",
        "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n{hidden}",
        "Content-Length: 5\r\nContent-Length: 0\r\n\r\n{hidden}",
        "Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{hidden}",
        "Content-Length: 0, {length}\r\n\r\n{hidden}",
        "Content-Length: +{length}\r\n\r\n{hidden}",
        "Content-Length: -1\r\n\r\n{hidden}",
        "Content-Length: 0x10\r\n\r\n{hidden}",
        "Content-Length: 1 0\r\n\r\n{hidden}",
        "Content-Length : {length}\r\n\r\n{hidden}",
        "Content-Length: 99999999999999999999\r\n\r\n{hidden}",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{hidden}",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{hidden}",
        "Transfer-Encoding: identity, chunked, chunked\r\n\r\n0\r\n\r\n{hidden}",
        "Transfer-Encoding: identity\r\n\r\n{hidden}",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{hidden}",
        "Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n{hidden}",
        "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{hidden}",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n{hidden}",
        "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n{hidden}",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{hidden}",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n{hidden}",
        "Transfer-Encoding: chunked\r\n\r\n5 5\r\nhello\r\n0\r\n\r\n{hidden}",
        "X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
        "X: y\0\r\nContent-Length: 0\r\n\r\n{hidden}",
    ];

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task No_odd_length_hides_a_second_request_from_the_door(string odd)
    {
        var hidden = Hidden;
        foreach (var host in new[] { theatre.Dashboard, theatre.Hostile.Url.Authority })
        {
            var text = odd.Replace("{hidden}", hidden, StringComparison.Ordinal).Replace("{length}", $"{hidden.Length}", StringComparison.Ordinal);
            var answer = await theatre.UnchangedAsync(
                () => Raw.SendAsync(theatre.Product.Port, $"POST /api/v1/me HTTP/1.1\r\nHost: {host}\r\n{theatre.Bob.Bearer}\r\nConnection: close\r\n{text}"), theatre.Hostile);
            answer.Answers.ShouldBeLessThanOrEqualTo(1, answer.Text);
            answer.Text.ShouldNotContain("\"generation\"");
        }

        NothingSmuggled();
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-Smuggled: 1\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 10\r\nExpect: 100-continue\r\n\r\n0123456789")]
    [InlineData("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 0\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task What_the_door_takes_for_one_request_the_engine_is_sent_as_one(string rest)
    {
        var before = theatre.ReceivedBy(theatre.Hostile).Count;
        await theatre.UnchangedAsync(
            () => Raw.SendAsync(theatre.Product.Port, $"POST /one HTTP/1.1\r\nHost: {theatre.Hostile.Url.Authority}\r\n{theatre.Bob.Bearer}\r\nConnection: close\r\n{rest}"), theatre.Hostile);
        theatre.ReceivedBy(theatre.Hostile).Skip(before).Count(head => head.Split(' ') is [_, "/one", ..]).ShouldBeLessThanOrEqualTo(1);
        NothingSmuggled();
    }

    [Fact]
    public async Task Requests_in_a_row_are_each_asked_who_they_are()
    {
        var next = $"GET / HTTP/1.1\r\nHost: {theatre.Awake.Url.Authority}\r\nConnection: close\r\n\r\n";
        var answer = await theatre.UnchangedAsync(
            () => Raw.SendAsync(theatre.Product.Port, $"GET /first HTTP/1.1\r\nHost: {theatre.Hostile.Url.Authority}\r\n{theatre.Bob.Bearer}\r\n\r\n{next}"), theatre.Hostile);
        answer.Answers.ShouldBe(2);
        answer.Text.ShouldContain("HTTP/1.1 401");
    }

    [Theory]
    [InlineData("GET /\r\n")]
    [InlineData("GET / HTTP/0.9\r\n\r\n")]
    [InlineData("GET / HTTP/3.0\r\nHost: {awake}\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: {awake}\r\n\r\n")]
    [InlineData("GET / HTTP/1.1 x\r\nHost: {awake}\r\n\r\n")]
    [InlineData("G\0ET / HTTP/1.1\r\nHost: {awake}\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    public async Task What_is_no_http_is_refused(string bytes)
    {
        var text = bytes.Replace("{awake}", theatre.Awake.Url.Authority, StringComparison.Ordinal);
        (await theatre.UnchangedAsync(() => Raw.SendAsync(theatre.Product.Port, text))).ShouldBeRefused(0, 400, 401, 505);
    }

    private void NothingSmuggled() => theatre.ReceivedBy(theatre.Hostile).ShouldNotContain(head => head.Contains("X-Smuggled", StringComparison.OrdinalIgnoreCase));
}
