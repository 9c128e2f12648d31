using System.Net;
using System.Net.WebSockets;
using Aigc.Engines.People;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Gate;

/// <summary>What a token opens on engine hosts, how it gets there, and that it ends there.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData(Scopes.EnginesRead | Scopes.EnginesManage | Scopes.Admin, null, "scope-missing")]
    [InlineData(Scopes.None, null, "scope-missing")]
    [InlineData(Scopes.All, "019a7c00000000000000000000000000", "not-yours")]
    public async Task A_token_that_is_not_good_for_the_engine_opens_and_wakes_nothing(Scopes scopes, string? only, string problem)
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Api.SignIns["limited"] = gateway.NewSignIn("limited", "alice", SignInKind.PersonalToken) with { Scopes = scopes, OnlyEngines = only };
        using var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Post, "/prompt", token: "limited"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"urn:aigc:problem:{problem}");
        (await gateway.SendAsync(gateway.Request(HttpMethod.Post, "/.aigc/wake", token: "limited"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        gateway.Api.Visits.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_for_two_engines_opens_each_of_them()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));
        var only = $"019a7c00000000000000000000000000 {gateway.Engine}";
        gateway.Api.SignIns["two"] = gateway.NewSignIn("two", "alice", SignInKind.PersonalToken) with { Scopes = Scopes.EnginesUse, OnlyEngines = only };
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: "two"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("aigc.bearer." + Gateway.AliceToken + ", graphql-ws, chat", "graphql-ws, chat", "graphql-ws", "graphql-ws")]
    [InlineData("chat, aigc.bearer." + Gateway.AliceToken, "chat", null, null)]
    [InlineData("aigc, aigc.bearer." + Gateway.AliceToken, "", null, "aigc")]
    [InlineData("aigc, chat, aigc.bearer." + Gateway.AliceToken, "chat", "chat", "chat")]
    public async Task A_page_offers_its_token_as_a_protocol_that_nobody_sees_again(string offered, string seen, string? chosen, string? answered)
    {
        var reached = new TaskCompletionSource<string>();
        await using var gateway = await Gateway.StartReadyAsync(async context =>
        {
            reached.TrySetResult(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
            using var socket = await context.WebSockets.AcceptWebSocketAsync(chosen);
        });
        using var raw = await Raw.ConnectAsync(gateway.Address);
        await raw.WriteAsync(Handshake("/ws", $"Sec-WebSocket-Protocol: {offered}\r\n"));
        var answer = await raw.ReadUntilAsync("\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 101");
        answer.ShouldNotContain(Gateway.AliceToken);
        answer.Split("\r\n").SingleOrDefault(line => line.StartsWith("Sec-WebSocket-Protocol:", StringComparison.OrdinalIgnoreCase))?.Split(": ")[1].ShouldBe(answered);
        answer.Contains("Sec-WebSocket-Protocol", StringComparison.OrdinalIgnoreCase).ShouldBe(answered is not null);
        var headers = await reached.Task.WaitAsync(Gateway.Budget);
        headers.ShouldNotContain("aigc.bearer");
        headers.ShouldNotContain(Gateway.AliceToken);
        headers.Split('\n').SingleOrDefault(line => line.StartsWith("Sec-WebSocket-Protocol:", StringComparison.OrdinalIgnoreCase))
            .ShouldBe(seen.Length == 0 ? null : $"Sec-WebSocket-Protocol: {seen}");
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: aigc.bearer." + Gateway.BobToken + "\r\n", "/ws", 403)]
    [InlineData("Sec-WebSocket-Protocol: aigc.bearer.nobodys\r\n", "/ws", 401)]
    [InlineData("Sec-WebSocket-Protocol: aigc.bearer.\r\n", "/ws", 401)]
    [InlineData("Sec-WebSocket-Protocol: " + Gateway.AliceToken + "\r\n", "/ws", 401)]
    [InlineData("", "/ws?token=" + Gateway.AliceToken, 401)]
    [InlineData("", "/ws?access_token=" + Gateway.AliceToken, 401)]
    [InlineData("", "/ws?Authorization=Bearer%20" + Gateway.AliceToken, 401)]
    public async Task A_token_of_somebody_else_or_in_another_place_reaches_nothing(string header, string path, int status)
    {
        var reached = false;
        await using var gateway = await Gateway.StartReadyAsync(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        using var raw = await Raw.ConnectAsync(gateway.Address);
        await raw.WriteAsync(Handshake(path, header));
        (await raw.ReadUntilAsync("\r\n\r\n")).ShouldStartWith($"HTTP/1.1 {status}");
        reached.ShouldBeFalse();
        gateway.Api.Visits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_a_WebSocket_brings_its_token_as_a_protocol()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));
        var request = gateway.Request(HttpMethod.Get, "/", token: null);
        request.Headers.Add("Sec-WebSocket-Protocol", "aigc.bearer." + Gateway.AliceToken);
        (await gateway.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_token_ends_its_open_sockets_within_two_seconds(bool asProtocol)
    {
        await using var gateway = await Gateway.StartReadyAsync(Sockets.EchoAsync);
        var secret = asProtocol ? "a-token-as-a-protocol" : "a-token-as-a-header";
        gateway.Api.SignIns[secret] = gateway.NewSignIn(secret, "alice", SignInKind.PersonalToken);
        using var socket = await gateway.ConnectAsync(configure: options =>
        {
            options.SetRequestHeader("Authorization", asProtocol ? null : $"Bearer {secret}");
            if (!asProtocol)
                return;
            options.AddSubProtocol("aigc");
            options.AddSubProtocol($"aigc.bearer.{secret}");
        });
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, default);
        (await Sockets.ReceiveAsync(socket)).ShouldBe("hello"u8.ToArray());

        gateway.Api.SignIns.Remove(secret, out _);
        var began = TimeProvider.System.GetTimestamp();
        await gateway.Tracker.RevokeSignInAsync(SignInKey.Of(secret), default);
        await Should.ThrowAsync<WebSocketException>(() => Sockets.ReceiveAsync(socket));
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: secret))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_is_refused_is_reported_once_a_minute_for_each_engine()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));
        gateway.Api.SignIns["weak"] = gateway.NewSignIn("weak", "alice", SignInKind.PersonalToken) with { Scopes = Scopes.EnginesRead };
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: Gateway.BobToken))));
        await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: "weak"));
        await Wait.UntilAsync(() => gateway.Api.Denials.Sum(batch => batch.Count) >= 2);

        var denials = gateway.Api.Denials.SelectMany(batch => batch).ToList();
        denials.Select(denial => $"{denial.Actor.Name} {denial.Detail}").ShouldBe(["bob not-yours", "alice scope-missing"]);
        denials.ShouldAllBe(denial => denial.Actor.Address == "127.0.0.1" && denial.Target.Id == gateway.Engine.Value && denial.Target.Owner == new UserId("alice"));
    }

    [Fact]
    public async Task A_refusal_is_reported_when_the_api_is_back()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("engine"));
        gateway.Api.Away = true;
        (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: Gateway.BobToken))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await Wait.UntilAsync(() => gateway.Api.AskedWhileAway > 0);
        gateway.Api.Away = false;
        await Wait.UntilAsync(() => gateway.Api.Denials.SelectMany(batch => batch).Any(denial => denial.Actor.Name == "bob"));
    }

    private static string Handshake(string path, string more) =>
        $"GET {path} HTTP/1.1\r\nHost: {Gateway.EngineHost}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n";
}
