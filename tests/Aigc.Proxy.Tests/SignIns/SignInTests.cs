using System.Net;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.SignIns;

public sealed class SignInTests
{
    private const string Head = "Host: " + Gateway.EngineHost + "\r\nCookie: aigc-engine=" + Gateway.AliceCookie + "\r\n";

    [Fact]
    public async Task A_token_that_only_the_api_knows_is_asked_for_once()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));
        gateway.Api.SignIns["a.provider.jwt"] = gateway.NewSignIn("a.provider.jwt", "alice", SignInKind.ProviderJwt);

        for (var i = 0; i < 3; i++)
            (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: "a.provider.jwt"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: "nobody's"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        gateway.Api.Paths.Count(path => path == InternalApi.Authenticate).ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_outlives_its_sign_in_and_the_next_request_does_not(bool revoked)
    {
        var began = new TaskCompletionSource();
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
                began.TrySetResult();
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.ContentLength = body.Length;
            await context.Response.WriteAsync(body);
        });
        var signIn = (await gateway.Tracker.FindSignInAsync(SignInKey.Of(Gateway.AliceCookie), default))!;
        if (!revoked)
            await gateway.Tracker.PutSignInAsync(signIn with { ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(1) }, default);
        using var upload = await Raw.ConnectAsync(gateway.Address);
        await upload.WriteAsync($"POST /upload HTTP/1.1\r\n{Head}Content-Length: 10\r\nConnection: close\r\n\r\nfirst");
        await began.Task.WaitAsync(Gateway.Budget);

        if (revoked)
            await gateway.Tracker.RevokeSignInAsync(Gateway.AliceDashboard, default);
        await Wait.UntilAsync(() => gateway.SendAsync(gateway.Navigation("/")).GetAwaiter().GetResult().StatusCode == HttpStatusCode.Redirect);
        await upload.WriteAsync("later");

        (await upload.ReadUntilAsync("firstlater")).ShouldStartWith("HTTP/1.1 200");
        using var next = await Raw.ConnectAsync(gateway.Address);
        await next.WriteAsync($"POST /upload HTTP/1.1\r\n{Head}Content-Length: 5\r\n\r\nagain");
        (await next.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task A_stream_does_not_begin_after_its_sign_in_ended()
    {
        var answer = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            asked.SetResult();
            await answer.Task;
            await context.Response.WriteAsync("secret");
        });
        var request = gateway.Request(HttpMethod.Post, "/prompt", token: null);
        request.Headers.Add("Cookie", "aigc-engine=" + Gateway.AliceCookie);
        var waiting = gateway.SendAsync(request);
        await asked.Task.WaitAsync(Gateway.Budget);
        var known = gateway.Live;

        await gateway.Tracker.RevokeSignInAsync(Gateway.AliceDashboard, default);
        await gateway.BecomeAsync(Aigc.Engines.Lifecycle.EngineState.Ready, new(known.Target!)); // told after the revocation, so heard after it
        answer.SetResult();

        var got = await waiting;
        got.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await got.Content.ReadAsStringAsync()).ShouldNotContain("secret");
    }

    [Fact]
    public async Task Who_signs_out_while_a_request_waits_takes_it_along()
    {
        await using var gateway = await Gateway.StartAsync();
        var request = gateway.Request(HttpMethod.Post, "/prompt", token: null);
        request.Headers.Add("Cookie", "aigc-engine=" + Gateway.AliceCookie);
        var waiting = gateway.SendAsync(request);
        await Wait.UntilAsync(() => gateway.Waiting == 1 && !gateway.Api.Visits.IsEmpty);

        await gateway.Tracker.RevokeSignInAsync(Gateway.AliceDashboard, default);

        (await waiting).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_was_revoked_while_the_tracker_was_away_is_noticed_when_it_is_back()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));
        (await gateway.SendAsync(gateway.Navigation("/"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        gateway.Tracker.Away = true;
        await gateway.Tracker.RevokeSignInAsync(Gateway.AliceDashboard, default);
        (await gateway.SendAsync(gateway.Navigation("/"))).StatusCode.ShouldBe(HttpStatusCode.OK); // known, and nobody has said otherwise
        gateway.Tracker.Away = false;

        await Wait.UntilAsync(() => gateway.SendAsync(gateway.Navigation("/")).GetAwaiter().GetResult().StatusCode == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task An_engine_deleted_while_the_tracker_was_away_is_gone_when_it_is_back()
    {
        await using var gateway = await Gateway.StartReadyAsync(Sockets.EchoAsync);
        using var socket = await gateway.ConnectAsync();

        gateway.Tracker.Away = true;
        await gateway.Tracker.RemoveRouteAsync(gateway.Engine, new(1), default);
        gateway.Tracker.Away = false;

        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(Sockets.ReceiveAsync(socket));
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
