using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Hosts;

/// <summary>Names that are almost an engine's. Alice's own token goes with them, so that the host alone is what refuses.</summary>
[Collection(nameof(OneTheatre))]
public sealed class HostTests(Theatre theatre)
{
    [Theory]
    [InlineData("{engine}.localhost.")]
    [InlineData("{engine}.localhost.:{port}")]
    [InlineData("x{engine}.localhost")]
    [InlineData("{engine}x.localhost")]
    [InlineData("www.{engine}.localhost")]
    [InlineData("{engine}.localhost.evil.test")]
    [InlineData("{engine}.evil.test")]
    [InlineData("{engine}.evillocalhost")]
    [InlineData("{engine}localhost")]
    [InlineData("{engine}..localhost")]
    [InlineData(".{engine}.localhost")]
    [InlineData("user@{engine}.localhost")]
    [InlineData("{engine}.localhost@evil.test")]
    [InlineData("{engine}.localhost:80:80")]
    [InlineData("{engine}.localhost:x")]
    [InlineData("{engine}%2elocalhost")]
    [InlineData("{engine}_.localhost")]
    [InlineData("{engine}\u00ad.localhost")]
    [InlineData("{engine}.localhost/x")]
    [InlineData("{engine}.localhost?x")]
    [InlineData("{engine}.localhost#x")]
    [InlineData("{engine}.localhost, evil.test")]
    [InlineData("evil.test, {engine}.localhost")]
    [InlineData("{engine}.localhost evil.test")]
    [InlineData("[{engine}.localhost]")]
    [InlineData("*.localhost")]
    [InlineData("xn--{engine}-.localhost")]
    public async Task A_name_that_is_almost_an_engines_opens_nothing(string host) =>
        (await theatre.TryAsync("GET", Named(host), "/", theatre.Alice.Bearer)).ShouldBeRefused(0, 400, 404, 421);

    [Theory]
    [InlineData("{ENGINE}.LOCALHOST")]
    [InlineData("{engine}.LocalHost:{port}")]
    [InlineData("{engine}.localhost:1")]
    [InlineData("{engine}.localhost")]
    public async Task Case_and_port_make_no_way_past_the_sign_in(string host) =>
        (await theatre.TryAsync("GET", Named(host), "/")).ShouldBeRefused(401);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: {awake}\r\nHost: {sleeper}\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {awake}\r\nhost: {awake}\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost : {awake}\r\n")]
    [InlineData("GET / HTTP/1.0\r\n")]
    [InlineData("GET http://{awake}/ HTTP/1.1\r\nHost: {sleeper}\r\n")]
    [InlineData("GET http://{awake}/ HTTP/1.1\r\nHost: localhost:{port}\r\n")]
    [InlineData("GET http://user@{awake}/ HTTP/1.1\r\nHost: user@{awake}\r\n")]
    [InlineData("GET {awake}/ HTTP/1.1\r\nHost: {awake}\r\n")]
    [InlineData("CONNECT {awake} HTTP/1.1\r\nHost: {awake}\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nX-Forwarded-Host: {awake}\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: {awake}\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.test\r\nX-Host: {awake}\r\n")]
    public async Task A_request_that_names_two_hosts_or_none_reaches_no_engine(string head)
    {
        var text = head
            .Replace("{awake}", Named("{awake}:{port}"), StringComparison.Ordinal)
            .Replace("{sleeper}", Named("{engine}:{port}"), StringComparison.Ordinal)
            .Replace("{port}", $"{theatre.Product.Port}", StringComparison.Ordinal);
        var answer = await theatre.UnchangedAsync(() => Raw.SendAsync(theatre.Product.Port, $"{text}{theatre.Alice.Bearer}\r\nConnection: close\r\n\r\n"));
        // The dashboard's own page is what is at the dashboard's own name.
        if (!text.Contains("X-Forwarded-Host", StringComparison.Ordinal) || text.Contains("evil", StringComparison.Ordinal))
            answer.ShouldBeRefused(0, 400, 404, 405, 421, 502);
    }

    [Fact]
    public async Task A_thousand_names_that_nobody_has_wake_nothing() => await theatre.UnchangedAsync(async () =>
    {
        for (var tens = 0; tens < 100; tens++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(one => theatre.SendAsync("GET", $"nobody-{tens}-{one}.{theatre.Dashboard}", "/", [theatre.Alice.Bearer])));
            answers.ShouldAllBe(answer => answer.Status == 404);
        }
    });

    private string Named(string host) => host
        .Replace("{engine}", theatre.Sleeper.Url.Host.Split('.')[0], StringComparison.Ordinal)
        .Replace("{ENGINE}", theatre.Sleeper.Url.Host.Split('.')[0].ToUpperInvariant(), StringComparison.Ordinal)
        .Replace("{awake}", theatre.Awake.Url.Host, StringComparison.Ordinal)
        .Replace("{port}", $"{theatre.Product.Port}", StringComparison.Ordinal);
}
