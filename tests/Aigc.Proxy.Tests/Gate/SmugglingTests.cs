using System.Collections.Concurrent;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Gate;

/// <summary>Requests that two servers could read differently: refused before anything reaches an engine, and the connection is closed.</summary>
public sealed class SmugglingTests
{
    private const string Head = $"POST / HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nAuthorization: Bearer {Gateway.AliceToken}\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    [Theory]
    [InlineData(Head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding: identity, chunked, identity\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + "X: y\r\n\tfolded\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding: \x0b" + "chunked\r\n\r\n0\r\n\r\n")]
    [InlineData(Head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData(Head + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData(Head + "Content-Length: 5, 5\r\n\r\nhello")]
    [InlineData(Head + "Content-Length: 5, 6\r\n\r\nhello!")]
    [InlineData(Head + "Content-Length: -5\r\n\r\nhello")]
    [InlineData(Head + "Content-Length: 0x5\r\n\r\nhello")]
    [InlineData(Head + "Content-Length: 5 5\r\n\r\nhello")]
    [InlineData(Head + "Content-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData(Head + "Content-Length:\r\n\r\n")]
    [InlineData(Head + "Content-Length : 5\r\n\r\nhello")]
    [InlineData(Head + "X: a\0b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(Head + "X\0: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(Head + "X: a\rContent-Length: 5\r\n\r\nhello")]
    [InlineData(Head + "X Y: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(Head + ": nameless\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(Head + "no colon\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1 \r\nHost: " + Gateway.EngineHost + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST / / HTTP/1.1\r\nHost: " + Gateway.EngineHost + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /\0 HTTP/1.1\r\nHost: " + Gateway.EngineHost + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST / HTTP/1.2\r\nHost: " + Gateway.EngineHost + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST / HTTP/2.0\r\nHost: " + Gateway.EngineHost + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("PO(ST / HTTP/1.1\r\nHost: " + Gateway.EngineHost + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST http://localhost/ HTTP/1.1\r\nHost: " + Gateway.EngineHost + "\r\nAuthorization: Bearer " + Gateway.AliceToken + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST http://" + Gateway.EngineHost + "/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Gateway.AliceToken + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: " + Gateway.EngineHost + "\r\nHost: localhost\r\nAuthorization: Bearer " + Gateway.AliceToken + "\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: " + Gateway.EngineHost + ", localhost\r\nAuthorization: Bearer " + Gateway.AliceToken + "\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost : " + Gateway.EngineHost + "\r\nAuthorization: Bearer " + Gateway.AliceToken + "\r\n\r\n")]
    public async Task Nothing_of_it_reaches_an_engine_and_the_connection_ends(string request)
    {
        var (gateway, seen) = await StartAsync();
        await using var _ = gateway;

        var answer = await Raw.SendAsync(gateway.Address, request + $"GET /smuggled HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\n\r\n");

        answer["HTTP/1.1 ".Length..][..3].ShouldBeOneOf("400", "411", "501", "505");
        answer.IndexOf("HTTP/1.1 ", 1, StringComparison.Ordinal).ShouldBe(-1, "one answer, and no second");
        seen.ShouldBeEmpty();
    }

    /// <summary>The head has come through by then; the engine must not take what it got for the whole.</summary>
    [Theory]
    [InlineData("5;\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-1\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloXX0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n\r\n\r\n")]
    [InlineData("g\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nGET /smuggled HTTP/1.1\r\n\r\n")]
    public async Task A_body_whose_chunks_do_not_add_up_is_never_a_whole_body(string body)
    {
        var (gateway, seen) = await StartAsync();
        await using var _ = gateway;

        var answer = await Raw.SendAsync(gateway.Address, Head + Chunked + "\r\n" + body + $"GET /smuggled HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 400");
        answer.IndexOf("HTTP/1.1 ", 1, StringComparison.Ordinal).ShouldBe(-1, "one answer, and no second");
        seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_both_lengths_are_given_the_engine_sees_the_one_that_was_used()
    {
        var (gateway, seen) = await StartAsync();
        await using var _ = gateway;

        var answer = await Raw.SendAsync(gateway.Address, Head + Chunked + "Content-Length: 44\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        seen.ShouldAllBe(request => request == "POST / hello Transfer-Encoding", answer);
        seen.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_length_with_a_sign_goes_on_without_it()
    {
        await using var gateway = await Gateway.StartReadyAsync(async context => await context.Response.WriteAsync(
            $"length={context.Request.Headers.ContentLength} body={await new StreamReader(context.Request.Body).ReadToEndAsync()}."));

        var answer = await Raw.SendAsync(gateway.Address, Head + "Connection: close\r\nContent-Length: +5\r\n\r\nhello, world");

        answer.ShouldContain("length=5 body=hello.");
    }

    [Theory]
    [InlineData("Connection: close, X-Forwarded-User, X-Aigc-Identity, Authorization, Host\r\n")]
    [InlineData("Connection: X-Forwarded-User\r\nConnection: X-Aigc-Identity\r\nConnection: close\r\n")]
    [InlineData("Connection: close\r\nKeep-Alive: X-Forwarded-User\r\nTE: trailers\r\nTrailer: X-Forwarded-User\r\n")]
    public async Task No_connection_header_takes_our_word_on_who_asks_away(string headers)
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync(
            $"user={context.Request.Headers["X-Forwarded-User"]} connection={context.Request.Headers.Connection}."));

        var answer = await Raw.SendAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nAuthorization: Bearer {Gateway.AliceToken}\r\n{headers}\r\n");

        answer.ShouldContain("user=alice connection=.");
    }

    [Fact]
    public async Task A_trailer_poses_as_nothing()
    {
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            await ZeroStream.DrainAsync(context.Request.Body);
            var trailers = context.Request.CheckTrailersAvailable() ? context.Request.GetTrailer("X-Forwarded-User").ToString() : "";
            await context.Response.WriteAsync($"user={context.Request.Headers["X-Forwarded-User"]} trailer={trailers}.");
        });

        var answer = await Raw.SendAsync(gateway.Address, Head + Chunked + "Trailer: X-Forwarded-User\r\nConnection: close\r\n\r\n0\r\nX-Forwarded-User: root\r\n\r\n");

        answer.ShouldContain("user=alice trailer=.");
    }

    [Theory]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: aigc\r\n")]
    public async Task Nobody_talks_another_protocol_through_the_door_than_websockets(string headers)
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync($"upgrade={context.Request.Headers.Upgrade}."));

        using var raw = await Raw.ConnectAsync(gateway.Address);
        await raw.WriteAsync($"GET / HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nAuthorization: Bearer {Gateway.AliceToken}\r\n{headers}\r\n");

        (await raw.ReadUntilAsync("upgrade=.")).ShouldStartWith("HTTP/1.1 200");
    }

    [Theory]
    [InlineData("TRACE / HTTP/1.1", Gateway.EngineHost, 405)]
    [InlineData("TRACE / HTTP/1.1", "localhost", 405)]
    [InlineData("CONNECT " + Gateway.EngineHost + ":80 HTTP/1.1", Gateway.EngineHost + ":80", 405)]
    [InlineData("CONNECT localhost:22 HTTP/1.1", "localhost:22", 405)]
    public async Task Methods_that_ask_for_echoes_or_tunnels_are_refused(string line, string host, int status)
    {
        var (gateway, seen) = await StartAsync();
        await using var _ = gateway;
        var before = gateway.Api.Paths.Count;

        var answer = await Raw.SendAsync(gateway.Address, $"{line}\r\nHost: {host}\r\nAuthorization: Bearer {Gateway.AliceToken}\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status}");
        seen.ShouldBeEmpty();
        gateway.Api.Paths.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Headers_too_large_or_too_many_are_refused()
    {
        var (gateway, seen) = await StartAsync();
        await using var _ = gateway;

        (await Raw.SendAsync(gateway.Address, Head + $"X: {new string('x', 40_000)}\r\n\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await Raw.SendAsync(gateway.Address, Head + string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n")) + "\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await Raw.SendAsync(gateway.Address, $"GET /{new string('a', 10_000)} HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\n\r\n")).ShouldStartWith("HTTP/1.1 414");

        seen.ShouldBeEmpty();
    }

    private static async Task<(Gateway Gateway, ConcurrentQueue<string> Seen)> StartAsync()
    {
        var seen = new ConcurrentQueue<string>();
        var gateway = await Gateway.StartReadyAsync(async context =>
        {
            // Told once the body has come to its proper end.
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            var lengths = string.Join('+', context.Request.Headers.Keys.Where(name => name is "Content-Length" or "Transfer-Encoding"));
            seen.Enqueue($"{context.Request.Method} {context.Request.Path} {body} {lengths}");
            await context.Response.WriteAsync("engine");
        });
        return (gateway, seen);
    }
}
