using System.Net;
using System.Text.Json.Nodes;
using Aigc.Engines.People;
using Aigc.Identity.Tests.Harness;

namespace Aigc.Identity.Tests;

/// <summary>What the provider says later reaches people who are signed in, and its absence does not.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly Gateway _gateway = new();
    private OpenIdProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await OpenIdProvider.StartAsync(provider =>
    {
        provider.Gateway = _gateway.Address;
        provider.AccessLifetime = TimeSpan.FromSeconds(6);
        provider.People["alice"] = Claims("art", "user");
        provider.People["bob"] = Claims("art", "user");
    });

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_new_role_and_group_are_there_without_signing_in_again_in_every_browser_and_replica()
    {
        await _gateway.StartAsync(_provider.Issuer, replicas: 2);
        using var alice = await _gateway.SignInAsync("alice");
        using var laptop = await _gateway.SignInAsync("alice");
        using var proxy = _gateway.Proxy(replica: 1);
        (await proxy.AskAsync(alice.SignInCookie()))!.Role.ShouldBe(Role.User);

        await _provider.ChangeAsync("alice", Claims("film", "admin"));
        foreach (var cookie in new[] { alice.SignInCookie(), laptop.SignInCookie() })
        {
            await Eventually.TrueAsync("the new role is there", Soon, async () =>
                await proxy.AskAsync(cookie) is { Role: Role.Admin, Group.Value: "film" });
        }

        ((string?)(await alice.MeAsync())["role"]).ShouldBe("Admin");
        await _provider.ChangeAsync("alice", Claims("film", "user"));
        await Eventually.TrueAsync("the role is gone", Soon, async () => await proxy.AskAsync(alice.SignInCookie()) is { Role: Role.User });
    }

    [Fact]
    public async Task Three_replicas_renew_each_access_once()
    {
        await _gateway.StartAsync(_provider.Issuer, replicas: 3);
        using var alice = await _gateway.SignInAsync("alice");
        using var bob = await _gateway.SignInAsync("bob");
        await Eventually.TrueAsync("renewed three times", TimeSpan.FromSeconds(30), async () => await _provider.CountAsync("refresh_token") >= 6);
        (await _provider.CountAsync("refresh_token refused")).ShouldBe(0, "a refresh token that is used twice ends everything");
        // Half of 6 seconds between two renewals of one sign-in: more of them would be doubled ones.
        (await _provider.CountAsync("refresh_token")).ShouldBeLessThanOrEqualTo(8);
        (await alice.StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await bob.StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Access_that_the_provider_takes_back_ends_the_sign_in_and_no_other()
    {
        await _gateway.StartAsync(_provider.Issuer, replicas: 2);
        using var alice = await _gateway.SignInAsync("alice");
        using var bob = await _gateway.SignInAsync("bob");
        await _provider.EndGrantsOfAsync("alice");
        await Eventually.TrueAsync("Alice is signed out", Soon, async () => await alice.StatusAsync() == HttpStatusCode.Unauthorized);
        using var proxy = _gateway.Proxy(replica: 1);
        (await proxy.AskAsync(alice.SignInCookie())).ShouldBeNull();
        (await bob.StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("lose-reply")]
    [InlineData("unavailable")]
    public async Task A_provider_that_falters_signs_nobody_out(string fault)
    {
        await _gateway.StartAsync(_provider.Issuer);
        using var alice = await _gateway.SignInAsync("alice");
        await _provider.FailAsync(fault, 1);
        if (fault == "lose-reply")
            await Eventually.TrueAsync("it refuses the token that it has replaced", Soon, async () => await _provider.CountAsync("refresh_token refused") == 1);
        else
            await Eventually.TrueAsync("it is asked again", Soon, async () => await _provider.CountAsync("refresh_token") >= 1);
        (await alice.StatusAsync()).ShouldBe(HttpStatusCode.OK);
        using var proxy = _gateway.Proxy();
        (await proxy.AskAsync(alice.SignInCookie())).ShouldNotBeNull();
    }

    [Fact]
    public async Task While_the_provider_is_away_people_stay_signed_in_for_the_grace_and_no_longer()
    {
        _gateway.Settings["SignIn__ProviderGrace"] = "00:00:05";
        await _gateway.StartAsync(_provider.Issuer);
        using var alice = await _gateway.SignInAsync("alice");
        var began = TimeProvider.System.GetTimestamp();
        await _provider.StopAsync();
        await Eventually.TrueAsync("the grace is over", TimeSpan.FromSeconds(25), async () => await alice.StatusAsync() == HttpStatusCode.Unauthorized);
        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromSeconds(9), "6 seconds of access, and 5 of grace");
    }

    [Fact]
    public async Task A_provider_that_comes_back_goes_on_where_it_was()
    {
        await _gateway.StartAsync(_provider.Issuer);
        using var alice = await _gateway.SignInAsync("alice");
        await _provider.StopAsync();
        await _gateway.StopAsync();
        await _gateway.StartAsync(_provider.Issuer);
        (await alice.StatusAsync()).ShouldBe(HttpStatusCode.OK, "with both of them started anew, and the provider not there yet");
        _provider.People["alice"] = Claims("film", "admin");
        await _provider.StartAgainAsync();
        await Eventually.TrueAsync("the new role is there", TimeSpan.FromSeconds(30), async () => (string?)(await alice.MeAsync())["role"] == "Admin");
    }

    private static JsonObject Claims(string group, string role) => new() { ["groups"] = new JsonArray(group), ["roles"] = new JsonArray(role) };
}
