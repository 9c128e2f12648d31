using System.Net;
using System.Net.WebSockets;
using System.Text;
using Aigc.Engines.Access;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Gate;

/// <summary>Who is let in besides the owner: how far, and until when. Bob is an administrator of Alice's group.</summary>
public sealed class GuestTests
{
    private static readonly Grant Share = new(SubjectKind.Person, "bob", AccessLevel.View, null);
    private static readonly Grant Opened = new(SubjectKind.Person, "bob", AccessLevel.Use, DateTimeOffset.MaxValue);

    /// <summary>Closing within two seconds is the promise; a busy machine gets one more.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_viewer_reads_under_their_own_name_and_holds_nothing_awake(string method)
    {
        var seen = "";
        await using var gateway = await Gateway.StartReadyAsync(context =>
        {
            seen = context.Request.Headers["X-Forwarded-User"].ToString();
            return Task.CompletedTask;
        });
        await gateway.GrantAsync(Share);
        (await gateway.SendAsync(gateway.Request(new(method), "/", Gateway.BobToken))).StatusCode.ShouldBe(HttpStatusCode.OK);
        seen.ShouldBe("bob");
        gateway.Live.Lease.LastActivity.ShouldBeNull("looking is no work");
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/")]
    [InlineData("DELETE", "/")]
    [InlineData("PATCH", "/")]
    [InlineData("PROPFIND", "/")]
    [InlineData("POST", "/.aigc/wake")]
    [InlineData("GET", "/.aigc/events")]
    public async Task A_viewer_does_nothing_else(string method, string path)
    {
        var reached = false;
        await using var gateway = await Gateway.StartReadyAsync(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        await gateway.GrantAsync(Share);
        var answer = await gateway.SendAsync(gateway.Request(new(method), path, Gateway.BobToken));
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:aigc:problem:view-only");
        reached.ShouldBeFalse();
        gateway.Api.Visits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("Upgrade", "h2c")]
    public async Task A_read_that_may_be_something_else_is_not_let_through(string header, string value)
    {
        var reached = false;
        await using var gateway = await Gateway.StartReadyAsync(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        await gateway.GrantAsync(Share);
        var request = gateway.Request(HttpMethod.Get, "/", Gateway.BobToken);
        request.Headers.TryAddWithoutValidation(header, value);
        if (header == "Upgrade")
            request.Headers.Connection.Add("Upgrade");
        (await gateway.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var body = gateway.Request(HttpMethod.Get, "/", Gateway.BobToken);
        body.Content = new StringContent("do something");
        (await gateway.SendAsync(body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        reached.ShouldBeFalse();
    }

    [Fact]
    public async Task A_viewer_gets_no_socket()
    {
        await using var gateway = await Gateway.StartReadyAsync(EchoAsync);
        await gateway.GrantAsync(Share);
        var refused = await Should.ThrowAsync<WebSocketException>(() => ConnectAsync(gateway, Gateway.BobToken));
        refused.Message.ShouldContain("403");
    }

    [Fact]
    public async Task A_viewer_is_told_that_the_owner_has_to_wake_it()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.GrantAsync(Share);
        var page = await gateway.SendAsync(gateway.Navigation("/", "aigc-engine=" + Gateway.BobCookie));
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await page.Content.ReadAsStringAsync()).ShouldContain("Ask its owner to wake it");
        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", Gateway.BobToken));
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:aigc:problem:owner-must-wake");
        gateway.Api.Visits.ShouldBeEmpty();
        gateway.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task An_administrator_with_access_works_and_wakes_and_without_it_does_not()
    {
        await using var gateway = await Gateway.StartAsync();
        var token = gateway.Request(HttpMethod.Post, "/", Gateway.BobToken);
        (await gateway.SendAsync(token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await gateway.GrantAsync(Opened with { Until = TimeProvider.System.GetUtcNow() });
        (await gateway.SendAsync(gateway.Request(HttpMethod.Post, "/", Gateway.BobToken))).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "it has run out");
        gateway.Api.Visits.ShouldBeEmpty();

        await gateway.GrantAsync(Opened);
        await gateway.SendAsync(gateway.Navigation("/", "aigc-engine=" + Gateway.BobCookie));
        gateway.Api.Visits.ShouldHaveSingleItem().User.Value.ShouldBe("bob");
        await gateway.BecomeReadyAsync(EchoAsync);
        await gateway.GrantAsync(Opened);
        (await gateway.SendAsync(gateway.Request(HttpMethod.Post, "/", Gateway.BobToken))).StatusCode.ShouldBe(HttpStatusCode.OK);
        gateway.Live.Lease.LastActivity.ShouldNotBeNull("this is work");
    }

    [Fact]
    public async Task Taken_back_an_access_closes_its_sockets_and_streams_and_nobody_elses()
    {
        await using var gateway = await Gateway.StartReadyAsync(EchoAsync);
        await gateway.GrantAsync(Opened);
        using var bob = await ConnectAsync(gateway, Gateway.BobToken);
        using var alice = await ConnectAsync(gateway, Gateway.AliceToken);
        using var stream = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/stream", Gateway.BobToken));

        await gateway.GrantAsync();

        await EndsAsync(bob);
        await Should.ThrowAsync<Exception>(stream.Content.ReadAsStringAsync().WaitAsync(Soon));
        await alice.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, true, default);
        var buffer = new byte[32];
        var heard = await alice.ReceiveAsync(buffer, default).WaitAsync(Gateway.Budget);
        Encoding.UTF8.GetString(buffer, 0, heard.Count).ShouldBe("still here");
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", Gateway.BobToken))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Run_out_an_access_closes_its_sockets_though_nobody_says_so()
    {
        await using var gateway = await Gateway.StartReadyAsync(EchoAsync);
        await gateway.GrantAsync(Opened with { Until = TimeProvider.System.GetUtcNow().AddSeconds(1) });
        using var bob = await ConnectAsync(gateway, Gateway.BobToken);
        await EndsAsync(bob);
    }

    [Fact]
    public async Task What_waits_for_an_engine_ends_with_the_access()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.GrantAsync(Opened);
        var waiting = gateway.Client.SendAsync(gateway.Request(HttpMethod.Post, "/", Gateway.BobToken));
        await Wait.UntilAsync(() => gateway.Waiting == 1);
        await gateway.GrantAsync();
        await Should.ThrowAsync<HttpRequestException>(waiting.WaitAsync(Soon));
        await Wait.UntilAsync(() => gateway.Waiting == 0);
    }

    [Fact]
    public async Task A_share_does_not_survive_as_more_than_it_was()
    {
        await using var gateway = await Gateway.StartReadyAsync(EchoAsync);
        await gateway.GrantAsync(Opened, Share);
        using var bob = await ConnectAsync(gateway, Gateway.BobToken);
        await gateway.GrantAsync(Share);
        await EndsAsync(bob);
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", Gateway.BobToken))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<ClientWebSocket> ConnectAsync(Gateway gateway, string token) =>
        gateway.ConnectAsync(configure: options => options.SetRequestHeader("Authorization", "Bearer " + token));

    private static async Task EndsAsync(ClientWebSocket socket)
    {
        var ended = await Should.ThrowAsync<WebSocketException>(socket.ReceiveAsync(new byte[8], default).WaitAsync(Soon));
        ended.WebSocketErrorCode.ShouldBe(WebSocketError.ConnectionClosedPrematurely);
    }

    /// <summary>Says back what it hears, answers <c>/stream</c> without an end, and anything else at once.</summary>
    private static async Task EchoAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } heard)
                await socket.SendAsync(buffer.AsMemory(0, heard.Count), heard.MessageType, heard.EndOfMessage, context.RequestAborted);
        }
        else if (context.Request.Path == "/stream")
        {
            await context.Response.WriteAsync("data: begun\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
    }
}
