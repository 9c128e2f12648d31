using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using Aigc.Engines.Lifecycle;
using Aigc.Proxy.SignIns;
using Aigc.Proxy.Tests.Environment;
using Aigc.Testing;

namespace Aigc.Proxy.Tests.SignIns;

/// <summary>The proxy on a real Redis, on good days and bad ones.</summary>
[Collection(nameof(OnItsOwn))]
public sealed class RedisTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private readonly EngineId _engine = EngineId.New();
    private readonly MovableTime _time = new();
    private RedisServer _redis = null!;

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Requests_of_somebody_seen_a_moment_ago_cost_redis_nothing()
    {
        await using var gateway = await Gateway.StartOnAsync(_redis, _engine);
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync("engine"));
        await _redis.CommandAsync("CONFIG", "RESETSTAT");

        for (var i = 0; i < 200; i++)
            await OkAsync(gateway);

        (await _redis.CallsAsync("get")).ShouldBe(1);
        gateway.Api.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_engine_in_constant_use_is_reported_a_few_times_not_each_second()
    {
        await using var gateway = await Gateway.StartOnAsync(_redis, _engine);
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync("engine"));
        await OkAsync(gateway);
        await Eventually.TrueAsync("its use is told", Gateway.Budget, async () => (await _redis.CommandAsync("EXISTS", "aigc:activity")).StartsWith(":1", StringComparison.Ordinal));
        await _redis.CommandAsync("CONFIG", "RESETSTAT");

        var used = Stopwatch.StartNew();
        while (used.Elapsed < TimeSpan.FromSeconds(6))
            await OkAsync(gateway);

        // Two for the five seconds, and one for a request that was open as the reporter looked.
        (await _redis.CallsAsync("zadd")).ShouldBeInRange(1, 4);
    }

    [Fact]
    public async Task People_work_on_while_redis_is_away_for_a_minute_and_comes_back_empty()
    {
        await using var gateway = await Gateway.StartOnAsync(_redis, _engine, _time);
        var engine = await ReadyAsync(gateway);
        await OkAsync(gateway);
        using var socket = await gateway.ConnectAsync();

        await _redis.KillAsync();
        var away = Stopwatch.StartNew();
        for (var i = 0; i < 6; i++)
        {
            _time.Move(Minute / 6);
            var asked = Stopwatch.StartNew();
            await OkAsync(gateway);
            asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        }
        // Connections are tried in real time.
        while (away.Elapsed < TimeSpan.FromSeconds(4))
            await OkAsync(gateway);
        await _redis.RestartAsync();
        for (var i = 0; i < 100; i++)
            await OkAsync(gateway);

        await Eventually.TrueAsync("what people do is told again", TimeSpan.FromSeconds(20), async () =>
            (await _redis.CommandAsync("EXISTS", "aigc:activity")).StartsWith(":1", StringComparison.Ordinal));
        gateway.Live.Target.ShouldNotBeNull("a Redis without routes is no product without engines");
        await gateway.Asked.BeginTermAsync(new(2), [engine with { Generation = 7 }], default);
        await Wait.UntilAsync(() => gateway.Live.Route.Generation == 7);
        await OkAsync(gateway);
        await socket.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, true, default);
        (await Sockets.ReceiveAsync(socket)).ShouldBe("still here"u8.ToArray());
    }

    [Fact]
    public async Task A_redis_that_hangs_costs_a_moment_not_the_request()
    {
        await using var gateway = await Gateway.StartOnAsync(_redis, _engine, _time);
        await ReadyAsync(gateway);
        await OkAsync(gateway);
        _redis.Pause();
        _time.Move(Minute);
        var asked = Stopwatch.StartNew();
        await OkAsync(gateway);
        asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task When_nobody_can_tell_who_was_known_goes_on_for_ten_minutes_and_strangers_are_asked_to_wait()
    {
        await using var gateway = await Gateway.StartOnAsync(_redis, _engine, _time);
        await ReadyAsync(gateway);
        await OkAsync(gateway);
        await _redis.KillAsync();
        gateway.Api.Away = true;

        _time.Move(TimeSpan.FromMinutes(9));
        await OkAsync(gateway);
        using var stranger = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/", token: "aigc_never-seen"));
        stranger.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        stranger.Headers.RetryAfter.ShouldNotBeNull();
        using var visitor = await gateway.SendAsync(gateway.Navigation("/", "aigc-engine=never-seen"));
        visitor.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, "a redirect to sign-in would go round in circles");

        _time.Move(SignInCache.Grace - TimeSpan.FromMinutes(8));
        using var late = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));
        late.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_revoked_sign_in_opens_no_engine_at_any_proxy_two_seconds_later()
    {
        await using var one = await Gateway.StartOnAsync(_redis, _engine);
        await using var two = await Gateway.StartOnAsync(_redis, _engine);
        await one.BecomeReadyAsync(Sockets.EchoAsync);
        await Wait.UntilAsync(() => two.Live?.Target is not null);
        using var open = await two.ConnectAsync();
        foreach (var gateway in new[] { one, two })
            gateway.Api.SignIns.Clear();

        var revoked = Stopwatch.StartNew();
        await one.Asked.RevokeSignInAsync(Gateway.AliceDashboard, default);

        foreach (var gateway in new[] { one, two })
            await Wait.UntilAsync(async () =>
            {
                using var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));
                return answer.StatusCode == HttpStatusCode.Unauthorized;
            });
        await Should.ThrowAsync<WebSocketException>(Sockets.ReceiveAsync(open));
        revoked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    private static async Task<Engines.Tracking.Route> ReadyAsync(Gateway gateway)
    {
        await gateway.BecomeReadyAsync(context => context.WebSockets.IsWebSocketRequest ? Sockets.EchoAsync(context) : context.Response.WriteAsync("engine"));
        await gateway.Asked.BeginTermAsync(new(1), [gateway.Live.Route], default);
        return gateway.Live.Route;
    }

    private static async Task OkAsync(Gateway gateway)
    {
        using var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
