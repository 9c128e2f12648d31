using System.Net;
using System.Net.WebSockets;
using System.Text;
using Aigc.Engines.Lifecycle;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Forwarding;

public sealed class StreamTests
{
    private const string Head = "Host: " + Gateway.EngineHost + "\r\nAuthorization: Bearer " + Gateway.AliceToken + "\r\n";

    private const long Large = 200L * 1024 * 1024;

    [Fact]
    public async Task Events_arrive_while_the_stream_is_open()
    {
        var next = new SemaphoreSlim(0);
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 2; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(Gateway.Budget);
            }
        });

        using var reader = new StreamReader(await (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"))).Content.ReadAsStreamAsync());

        (await reader.ReadLineAsync().WaitAsync(Gateway.Budget)).ShouldBe("data: 0");
        await reader.ReadLineAsync();
        next.Release();
        (await reader.ReadLineAsync().WaitAsync(Gateway.Budget)).ShouldBe("data: 1");
        next.Release();
    }

    [Fact]
    public async Task Large_models_go_up_and_come_down_in_constant_memory()
    {
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            var buffer = new byte[64 * 1024];
            long size = 0;
            while (await context.Request.Body.ReadAsync(buffer) is var read and > 0)
                size += read;
            for (long sent = 0; sent < size; sent += buffer.Length)
                await context.Response.Body.WriteAsync(buffer);
        });
        var request = gateway.Request(HttpMethod.Post, "/upload");
        request.Content = new StreamContent(new ZeroStream(Large));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var received = await ZeroStream.DrainAsync(await answer.Content.ReadAsStreamAsync());

        received.ShouldBe(Large);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(20 * 1024 * 1024);
    }

    [Fact]
    public async Task Who_stops_listening_stops_the_engines_work()
    {
        var stopped = new TaskCompletionSource();
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            context.RequestAborted.Register(stopped.SetResult);
            await context.Response.WriteAsync("begin");
            await context.Response.Body.FlushAsync();
            await stopped.Task;
        });
        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));

        answer.Dispose();

        await stopped.Task.WaitAsync(Gateway.Budget);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_never_looks_complete()
    {
        var received = new TaskCompletionSource();
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            await context.Response.WriteAsync("half a picture");
            await context.Response.Body.FlushAsync();
            await received.Task;
            context.Abort();
        });
        using var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte["half a picture".Length]);

        received.SetResult();

        await Should.ThrowAsync<IOException>(body.ReadAtLeastAsync(new byte[1], 1).AsTask().WaitAsync(Gateway.Budget));
    }

    [Fact]
    public async Task An_engine_that_hangs_up_before_it_answers_is_told_in_words()
    {
        await using var gateway = await Gateway.StartReadyAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Post, "/"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:aigc:problem:engine-dropped");
    }

    [Fact]
    public async Task A_client_that_asks_before_it_sends_is_told_to_go_on()
    {
        await using var gateway = await Gateway.StartReadyAsync(async context =>
            await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync()));
        using var client = await Raw.ConnectAsync(gateway.Address);

        await client.WriteAsync($"POST / HTTP/1.1\r\n{Head}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 100");
        await client.WriteAsync("model");

        (await client.ReadUntilAsync("model")).ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task A_client_that_asks_before_it_sends_is_never_asked_for_what_the_door_refuses()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));

        using var client = await Raw.ConnectAsync(gateway.Address);
        await client.WriteAsync($"POST / HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task Trailers_do_not_disturb_the_answer_before_them()
    {
        await using var engine = new RawEngine(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\nConnection: close\r\n\r\n5\r\nmodel\r\n0\r\nX-Checksum: 1\r\nX-Gateway-User: root\r\n\r\n");
        await using var gateway = await Gateway.StartAsync();
        await gateway.BecomeAsync(EngineState.Ready, engine.Address);
        using var client = await Raw.ConnectAsync(gateway.Address);

        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync($"GET / HTTP/1.1\r\n{Head}\r\n");
            var answer = await client.ReadUntilAsync("0\r\n\r\n");
            answer.ShouldStartWith("HTTP/1.1 200");
            answer.ShouldContain("model");
            answer.ShouldNotContain("root");
        }
    }

    [Fact]
    public async Task Trailers_of_a_request_do_not_disturb_the_body_before_them()
    {
        await using var gateway = await Gateway.StartReadyAsync(async context =>
            await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync()));

        var answer = await Raw.SendAsync(gateway.Address,
            $"POST / HTTP/1.1\r\n{Head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nmodel\r\n0\r\nX-Forwarded-User: root\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldContain("model");
    }

    [Fact]
    public async Task A_websocket_carries_both_ways()
    {
        await using var gateway = await Gateway.StartReadyAsync(Sockets.EchoAsync);
        using var socket = await gateway.ConnectAsync();

        foreach (var size in new[] { 0, 125, 126, 70_000 })
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(new string('x', size)), WebSocketMessageType.Text, true, default);
            (await Sockets.ReceiveAsync(socket)).Length.ShouldBe(size);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(Gateway.Budget);
    }

    [Fact]
    public async Task A_signed_out_browser_loses_its_websocket()
    {
        await using var gateway = await Gateway.StartReadyAsync(Sockets.EchoAsync);
        using var socket = await gateway.ConnectAsync(configure: options =>
        {
            options.SetRequestHeader("Authorization", null);
            options.SetRequestHeader("Cookie", "aigc-engine=" + Gateway.AliceCookie);
        });

        await gateway.Tracker.RevokeSignInAsync(Gateway.AliceDashboard, default);

        await Should.ThrowAsync<WebSocketException>(Sockets.ReceiveAsync(socket));
        (await gateway.SendAsync(gateway.Navigation("/"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_websocket_outlives_draining_and_ends_with_the_engine()
    {
        await using var gateway = await Gateway.StartReadyAsync(Sockets.EchoAsync);
        using var socket = await gateway.ConnectAsync();

        await gateway.BecomeAsync(EngineState.Ready, draining: true);
        await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, true, default);
        (await Sockets.ReceiveAsync(socket)).Length.ShouldBe(1);
        await gateway.BecomeAsync(EngineState.Stopping);

        await Should.ThrowAsync<WebSocketException>(Sockets.ReceiveAsync(socket));
    }
}
