using System.Net;
using System.Text.Json.Nodes;
using Aigc.Identity.Tests.Harness;

namespace Aigc.Identity.Tests;

/// <summary>Sign-in with a certified provider, as a company would set it up.</summary>
public sealed class RealProviderTests : IAsyncLifetime
{
    private readonly Gateway _gateway = new();
    private OpenIdProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await OpenIdProvider.StartAsync(provider =>
    {
        provider.Gateway = _gateway.Address;
        provider.People["alice"] = new() { ["preferred_username"] = "alice.w", ["name"] = "Alice", ["groups"] = new JsonArray("art", "all"), ["roles"] = new JsonArray("admin") };
        provider.People["bob"] = new() { ["preferred_username"] = "bob" };
    });

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("client_secret_basic", "Discovered")]
    [InlineData("client_secret_post", "Post")]
    public async Task Group_and_role_come_from_its_claims(string registered, string setting)
    {
        await _provider.StopAsync();
        _provider.ClientAuthentication = registered;
        await _provider.StartAgainAsync();
        _gateway.Settings["Identity__ClientAuthentication"] = setting;
        await _gateway.StartAsync(_provider.Issuer);

        using var alice = await _gateway.SignInAsync("alice");
        var me = await alice.MeAsync();
        ((string?)me["userName"]).ShouldBe("alice.w");
        ((string?)me["group"]).ShouldBe("art");
        ((string?)me["role"]).ShouldBe("Admin");
        (await _provider.CountAsync("basic")).ShouldBe(registered == "client_secret_basic" ? 1 : 0);

        using var bob = await _gateway.SignInAsync("bob");
        var other = await bob.MeAsync();
        ((string?)other["group"]).ShouldBe("none");
        ((string?)other["role"]).ShouldBe("User");
    }

    [Fact]
    public async Task Who_is_in_no_group_stays_out_when_one_is_required()
    {
        _gateway.Settings["Identity__RequireGroup"] = "true";
        await _gateway.StartAsync(_provider.Issuer);
        using var bob = _gateway.Visitor();
        using var page = await bob.FollowAsync("/login?login_hint=bob");
        page.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await page.Content.ReadAsStringAsync()).ShouldContain("You are in no group yet");
        bob.Cookie("aigc-sign-in").ShouldBeNull();
        using var alice = await _gateway.SignInAsync("alice");
    }

    [Fact]
    public async Task New_keys_of_the_provider_keep_nobody_out()
    {
        await _gateway.StartAsync(_provider.Issuer);
        using var before = await _gateway.SignInAsync("alice");
        await _provider.StopAsync();
        _provider.KeyId = "second";
        await _provider.StartAgainAsync();
        using var after = await _gateway.SignInAsync("alice");
        (await before.StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_that_names_another_issuer_or_none_is_refused_before_its_code_is_used()
    {
        await _gateway.StartAsync(_provider.Issuer);
        foreach (var twist in new Func<string, string>[]
        {
            url => url.Replace(Uri.EscapeDataString(_provider.Issuer.AbsoluteUri.TrimEnd('/')), Uri.EscapeDataString("https://evil.example"), StringComparison.Ordinal),
            url => url.Replace("iss=", "was=", StringComparison.Ordinal),
            url => $"{url}&iss={Uri.EscapeDataString("https://evil.example")}",
        })
        {
            using var visitor = _gateway.Visitor();
            var callback = await CallbackAsync(visitor, "alice");
            var twisted = twist(callback);
            twisted.ShouldNotBe(callback);
            (await visitor.StatusAsync(twisted)).ShouldBe(HttpStatusCode.BadRequest);
            visitor.Cookie("aigc-sign-in").ShouldBeNull();
        }

        (await _provider.CountAsync("authorization_code")).ShouldBe(0);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_at_the_provider_without_a_question_whose_it_is()
    {
        await _gateway.StartAsync(_provider.Issuer);
        using var alice = await _gateway.SignInAsync("alice");
        using var answer = await alice.PostAsync("/logout");
        var target = answer.Headers.Location!.AbsoluteUri;
        target.ShouldContain("id_token_hint=");
        using var page = await alice.FollowAsync(target);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).ShouldContain("op.logoutForm");
    }

    /// <summary>Goes to the provider and stops before the way back.</summary>
    private static async Task<string> CallbackAsync(Visitor visitor, string name)
    {
        var next = (await visitor.GetAsync($"/login?login_hint={name}")).Headers.Location!;
        while (!next.AbsolutePath.EndsWith("/signin-oidc", StringComparison.Ordinal))
        {
            using var step = await visitor.GetAsync(next.AbsoluteUri);
            next = new Uri(next, step.Headers.Location.ShouldNotBeNull(await step.Content.ReadAsStringAsync()));
        }

        return next.AbsoluteUri;
    }
}
