using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aigc.Identity.Tests.Harness;

namespace Aigc.Identity.Tests;

public sealed class LogoutTests : IAsyncLifetime
{
    private static readonly TimeSpan WithinTwoSeconds = TimeSpan.FromSeconds(2);

    private readonly Gateway _gateway = new();
    private OpenIdProvider _provider = null!;

    public async Task InitializeAsync()
    {
        _provider = await OpenIdProvider.StartAsync(provider =>
        {
            provider.Gateway = _gateway.Address;
            provider.People["alice"] = new() { ["groups"] = new JsonArray("art") };
            provider.People["bob"] = new() { ["groups"] = new JsonArray("art") };
        });
        await _gateway.StartAsync(_provider.Issuer, replicas: 2);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_signed_out_at_the_provider_is_signed_out_here_on_every_replica()
    {
        using var alice = await _gateway.SignInAsync("alice");
        using var bob = await _gateway.SignInAsync("bob");
        using var proxy = _gateway.Proxy(replica: 1);
        (await proxy.AskAsync(alice.SignInCookie())).ShouldNotBeNull();

        await _provider.LogOutAsync("alice");
        await Eventually.TrueAsync("Alice is signed out", WithinTwoSeconds, async () => await proxy.AskAsync(alice.SignInCookie()) is null);
        (await alice.StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        (await bob.StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_person_sees_where_they_are_signed_in_and_ends_one_or_all()
    {
        using var desk = await _gateway.SignInAsync("alice");
        using var lost = await _gateway.SignInAsync("alice");
        using var bob = await _gateway.SignInAsync("bob");
        var list = await ListAsync(desk);
        list.Count.ShouldBe(2);
        list.Count(signIn => (bool)signIn!["isThis"]!).ShouldBe(1);
        ((string?)list[0]!["address"]).ShouldBe("127.0.0.1");

        var other = list.Single(signIn => !(bool)signIn!["isThis"]!)!["id"]!.GetValue<string>();
        (await bob.DeleteAsync($"/api/v1/sign-ins/{other}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await lost.StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await desk.DeleteAsync($"/api/v1/sign-ins/{other}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await lost.StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);

        using var again = await _gateway.SignInAsync("alice");
        using var proxy = _gateway.Proxy(replica: 1);
        (await proxy.AskAsync(again.SignInCookie())).ShouldNotBeNull();
        (await desk.DeleteAsync("/api/v1/sign-ins")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await desk.StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.TrueAsync("everywhere", WithinTwoSeconds, async () => await proxy.AskAsync(again.SignInCookie()) is null);
        (await bob.StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_dashboard_shows_them_and_signs_out_everywhere()
    {
        using var desk = await _gateway.SignInAsync("alice");
        using var lost = await _gateway.SignInAsync("alice");
        using var page = await desk.GetAsync("/sign-ins");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldContain("Where you are signed in");
        html.Split("/end\"").Length.ShouldBe(3, "a button for the other browser, and one for all");
        var token = Regex.Match(html, "name=\"([^\"]+)\" value=\"([^\"]{80,})\"");
        desk.Antiforgery = null;
        using var unasked = await desk.SendAsync(HttpMethod.Post, "/sign-ins/end", new FormUrlEncodedContent([]));
        (await lost.StatusAsync()).ShouldBe(HttpStatusCode.OK, "no page of ours asked for it");
        using var done = await desk.SendAsync(
            HttpMethod.Post, "/sign-ins/end", new FormUrlEncodedContent([new(token.Groups[1].Value, WebUtility.HtmlDecode(token.Groups[2].Value))]));
        done.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await lost.StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        (await desk.StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<JsonArray> ListAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/api/v1/sign-ins");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<JsonArray>())!;
    }
}
