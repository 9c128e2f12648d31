using System.Net;
using System.Net.Sockets;
using System.Text;
using Aigc.Engines.Lifecycle;
using Aigc.Proxy.Forwarding;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Forwarding;

/// <summary>An engine that turns against the gateway, other engines, or whoever visits it.</summary>
public sealed class HostileEngineTests
{
    [Theory]
    [InlineData("Strict-Transport-Security: max-age=63072000; includeSubDomains; preload")]
    [InlineData("strict-transport-security: max-age=0")]
    [InlineData("Clear-Site-Data: \"*\"")]
    [InlineData("CLEAR-SITE-DATA: \"cookies\"")]
    [InlineData("Alt-Svc: h3=\":443\"")]
    [InlineData("NEL: {\"report_to\":\"evil\",\"max_age\":31556952,\"include_subdomains\":true}")]
    [InlineData("Report-To: {\"group\":\"evil\",\"max_age\":1,\"endpoints\":[{\"url\":\"https://evil.example\"}]}")]
    [InlineData("Set-Cookie2: aigc-engine=evil; Version=1; Domain=.localhost")]
    [InlineData("Public-Key-Pins: pin-sha256=\"x\"; includeSubDomains")]
    [InlineData("X-Accel-Redirect: /etc/passwd")]
    [InlineData("X-Accel-Expires: 86400")]
    [InlineData("X-Sendfile: /etc/passwd")]
    [InlineData("X-LIGHTTPD-send-file: /etc/passwd")]
    [InlineData("X-Reproxy-URL: http://169.254.169.254/")]
    [InlineData("X-Gateway-Key: x")]
    [InlineData("X-Aigc-Identity: x")]
    [InlineData("Set-Cookie: a=b; Domain=localhost")]
    [InlineData("set-cookie: a=b; DOMAIN=.engines.localhost")]
    [InlineData("Set-Cookie: a=b; \u00a0domain\u00a0=localhost")]
    [InlineData("Set-Cookie: a=b;domain=\"\"")]
    [InlineData("Set-Cookie: a=\"x; y\"; domain=localhost")]
    [InlineData("Set-Cookie: \u00a0aigc-engine=evil")]
    [InlineData("Set-Cookie: '__HOST-AIGC-engine'=evil; Secure; Path=/")]
    [InlineData("Set-Cookie: aigc-enter=0000; Path=/.aigc")]
    public async Task What_would_reach_beyond_its_own_host_stops_here(string header)
    {
        await using var engine = new RawEngine($"HTTP/1.1 200 OK\r\n{header}\r\nX-Accel-Buffering: no\r\nService-Worker-Allowed: /\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine");
        await using var gateway = await ReadyAsync(engine.Address);

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));

        (await answer.Content.ReadAsStringAsync()).ShouldBe("fine");
        answer.Headers.Select(passed => passed.Key).ShouldBe(["Date", "Service-Worker-Allowed", "X-Accel-Buffering"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: aigc-engine=evil\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX Y: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 999999 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/9.9 200 OK\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: evil\r\nConnection: Upgrade\r\n\r\nbytes")]
    public async Task An_answer_that_is_no_proper_http_injects_nothing(string raw)
    {
        await using var engine = new RawEngine(raw);
        await using var gateway = await ReadyAsync(engine.Address);

        var answer = await Raw.SendAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nAuthorization: Bearer {Gateway.AliceToken}\r\nConnection: close\r\n\r\n");

        answer.ToLowerInvariant().ShouldNotContain("\nset-cookie");
        answer.ShouldNotContain("\0");
        answer.ShouldNotStartWith("HTTP/1.1 101");
        (answer.StartsWith("HTTP/1.1 502", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)).ShouldBeTrue(answer);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: x\r\n")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")]
    public async Task Headers_without_an_end_cost_the_gateway_a_bounded_amount(string head, string part)
    {
        await using var engine = new Endless(head, part);
        await using var gateway = await ReadyAsync(engine.Address);

        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"))).StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        await engine.Ended.WaitAsync(Gateway.Budget);
        engine.Sent.ShouldBeLessThan(32L << 20);
    }

    [Fact]
    public async Task An_answer_without_an_end_ends_with_the_sign_in()
    {
        await using var engine = new Endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nmore\r\n");
        await using var gateway = await ReadyAsync(engine.Address);
        using var answer = await gateway.SendAsync(gateway.Navigation("/"));

        await gateway.Tracker.RevokeSignInAsync(Gateway.AliceDashboard, default);

        await engine.Ended.WaitAsync(Gateway.Budget);
    }

    private static async Task<Gateway> ReadyAsync(Uri engine)
    {
        var gateway = await Gateway.StartAsync();
        await gateway.BecomeAsync(EngineState.Ready, engine);
        return gateway;
    }

    /// <summary>Goes on for as long as anybody listens.</summary>
    private sealed class Endless : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private long _sent;

        public Endless(string head, string part)
        {
            _listener.Start();
            Ended = ServeAsync(head, part);
        }

        public Uri Address => new($"http://{_listener.LocalEndpoint}");

        public long Sent => Interlocked.Read(ref _sent);

        public Task Ended { get; }

        private async Task ServeAsync(string head, string part)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            try
            {
                _ = await stream.ReadAsync(new byte[65_536]);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(head));
                var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(part, 100)));
                while (true)
                {
                    await stream.WriteAsync(bytes);
                    Interlocked.Add(ref _sent, bytes.Length);
                }
            }
            catch (IOException)
            {
                // Nobody listens any more.
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Ended.WaitAsync(Gateway.Budget);
            _listener.Dispose();
        }
    }
}
