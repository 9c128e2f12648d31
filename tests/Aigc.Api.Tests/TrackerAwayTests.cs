using System.Net;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;
using Aigc.Engines.Tracking.Redis;
using Aigc.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Api.Tests;

/// <summary>The API on a real Redis that goes away.</summary>
[Collection(SharedApi.Name)]
public sealed class TrackerAwayTests(RunningApi api) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private RedisServer _redis = null!;
    private RunningService _service = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync("--appendonly", "yes");
        _service = await api.StartAnotherAsync(new(api.Identity, "identity"), _redis.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task People_stay_and_become_signed_in_and_only_entering_an_engine_anew_has_to_wait()
    {
        using var alice = new Visitor(_service.Address);
        await alice.SignInAsync("alice");
        using var proxy = Proxy();
        var engine = await alice.TakeAsync();
        await _redis.KillAsync();

        (await alice.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await proxy.AuthenticateAsync(alice.Cookie("aigc-sign-in")!)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var bob = new Visitor(_service.Address);
        await bob.SignInAsync("bob");
        using var enter = await alice.GetAsync($"/enter?host={engine.Host}&browser=x");
        enter.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        enter.Headers.RetryAfter.ShouldNotBeNull();
        (await enter.Content.ReadAsStringAsync()).ShouldContain("Try again");
        await Visitor.ProblemAsync(proxy.RedeemAsync("any code", engine.Host, "x"), HttpStatusCode.ServiceUnavailable, "tracker-away");
        using var health = await proxy.GetAsync(new Uri("/health", UriKind.Relative));
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await health.Content.ReadAsStringAsync()).ShouldBe("Degraded");

        await _redis.RestartAsync();
        await Eventually.TrueAsync("engines are entered again", Soon, async () =>
            (await alice.GetAsync($"/enter?host={engine.Host}&browser=x")).StatusCode == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Who_signs_out_while_the_tracker_is_away_is_not_let_in_by_its_old_word()
    {
        using var alice = new Visitor(_service.Address);
        await alice.SignInAsync("alice");
        var cookie = alice.Cookie("aigc-sign-in")!;
        (await alice.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var proxys = new RedisTracker(_redis.ConnectionString, TimeProvider.System, NullLogger<RedisTracker>.Instance);
        (await proxys.FindSignInAsync(SignInKey.Of(cookie), default)).ShouldNotBeNull();
        using var proxy = Proxy();
        await _redis.KillAsync();

        using var signedOut = await alice.PostAsync("/logout");
        (await proxy.AuthenticateAsync(cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await _redis.RestartAsync();

        await Eventually.TrueAsync("the tracker was told", Soon, async () =>
            await Record.ExceptionAsync(() => proxys.FindSignInAsync(SignInKey.Of(cookie), default)) is null
            && await proxys.FindSignInAsync(SignInKey.Of(cookie), default) is null);
        (await proxy.AuthenticateAsync(cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private HttpClient Proxy() => new() { BaseAddress = _service.Address, DefaultRequestHeaders = { { GatewayOptions.KeyHeader, RunningApi.Key } } };
}
