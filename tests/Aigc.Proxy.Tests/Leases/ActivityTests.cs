using System.Net;
using System.Net.WebSockets;
using Aigc.Engines.Templates;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Leases;

public sealed class ActivityTests
{
    private const int Part = 64 * 1024;

    [Fact]
    public async Task A_silent_generation_holds_the_engine_until_its_answer_begins()
    {
        var finish = new TaskCompletionSource();
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            await finish.Task;
            await context.Response.WriteAsync("picture");
        });
        var generation = gateway.SendAsync(gateway.Request(HttpMethod.Post, "/sdapi/v1/txt2img"));

        await Wait.UntilAsync(() => gateway.Tracker.Reports.Any(report => report.Open == 1));
        finish.SetResult();
        (await generation).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Wait.UntilAsync(() => gateway.Tracker.Reports.Last() is { Open: 0, Quiet: not null });
    }

    [Fact]
    public async Task A_report_that_failed_is_made_again()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("x"));
        gateway.Tracker.FailReports = 1;

        await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));

        await Wait.UntilAsync(() => gateway.Tracker.Reports.Any(report => report.Quiet is not null));
    }

    [Fact]
    public async Task Paths_that_pages_poll_by_themselves_are_no_activity()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync("x"), new ActivityRules(["/queue"]));

        await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/queue/status"));
        gateway.Live.Lease.LastActivity.ShouldBeNull();
        await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/prompt"));
        gateway.Live.Lease.LastActivity.ShouldNotBeNull();
    }

    [Fact]
    public async Task Every_part_of_an_upload_is_activity()
    {
        long arrived = 0;
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            var buffer = new byte[Part];
            while (await context.Request.Body.ReadAsync(buffer) is var read and > 0)
                Interlocked.Add(ref arrived, read);
        });
        var part = $"{Part:x}\r\n{new string('x', Part)}\r\n";
        using var upload = await Raw.ConnectAsync(gateway.Address);
        await upload.WriteAsync(
            $"POST / HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nAuthorization: Bearer {Gateway.AliceToken}\r\nTransfer-Encoding: chunked\r\n\r\n{part}");
        await Wait.UntilAsync(() => Interlocked.Read(ref arrived) > 0);
        var before = await NextTickAsync(gateway);
        var first = Interlocked.Read(ref arrived);

        await upload.WriteAsync(part);
        await Wait.UntilAsync(() => Interlocked.Read(ref arrived) > first);

        gateway.Live.Lease.LastActivity!.Value.ShouldBeGreaterThan(before);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task An_engine_that_chatters_by_itself_is_not_in_use_where_its_template_says_so(bool fromBrowserOnly, bool counts)
    {
        await using var gateway = await Gateway.StartAsync();
        var say = new SemaphoreSlim(0);
        await gateway.BecomeReadyAsync(
            async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await say.WaitAsync(Gateway.Budget);
                await socket.SendAsync("status"u8.ToArray(), WebSocketMessageType.Text, true, default);
                await say.WaitAsync(Gateway.Budget);
            },
            new ActivityRules(WebSocketsFromBrowserOnly: fromBrowserOnly));
        using var socket = await gateway.ConnectAsync();
        var before = await NextTickAsync(gateway);

        say.Release();
        await Sockets.ReceiveAsync(socket);

        (gateway.Live.Lease.LastActivity > before).ShouldBe(counts);
        say.Release();
    }

    [Fact]
    public async Task A_ping_is_no_activity_and_a_message_is()
    {
        await using var gateway = await Gateway.StartReadyAsync(Sockets.EchoAsync);
        // ClientWebSocket pings by itself at this interval; the engine's pong comes back.
        using var socket = await gateway.ConnectAsync(configure: options =>
        {
            options.KeepAliveInterval = TimeSpan.FromMilliseconds(20);
            options.KeepAliveTimeout = TimeSpan.FromSeconds(5);
        });
        var receiving = Sockets.ReceiveAsync(socket);
        var before = await NextTickAsync(gateway);

        await NextTickAsync(gateway);
        gateway.Live.Lease.LastActivity.ShouldBe(before);
        await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, true, default);
        await receiving;

        gateway.Live.Lease.LastActivity!.Value.ShouldBeGreaterThan(before);
    }

    /// <summary>The last activity, once so much time has passed that a new one would show.</summary>
    private static async Task<DateTimeOffset> NextTickAsync(Gateway gateway)
    {
        var last = gateway.Live.Lease.LastActivity!.Value;
        var from = TimeProvider.System.GetUtcNow();
        await Wait.UntilAsync(() => TimeProvider.System.GetUtcNow() - from > TimeSpan.FromMilliseconds(150));
        return last;
    }
}
