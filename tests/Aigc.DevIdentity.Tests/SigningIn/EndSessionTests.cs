using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.DevIdentity.Tests.SigningIn;

public sealed class EndSessionTests(Provider provider) : IClassFixture<Provider>, IDisposable
{
    private const string Home = "http://app.localhost:5000/signed-out";
    private readonly Browser _browser = new(provider);

    [Fact]
    public async Task Signing_out_leads_home_and_the_next_sign_in_asks_again()
    {
        var idToken = (string?)(await _browser.SignInAsync("alice"))["id_token"];
        var answer = await EndAsync(("id_token_hint", idToken), ("post_logout_redirect_uri", Home), ("state", "a b"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location.ShouldBe(new($"{Home}?state=a%20b"));
        (await _browser.AuthorizeAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_that_keeps_no_token_signs_out_by_its_name()
    {
        await _browser.SignInAsync("alice");
        var answer = await EndAsync(("client_id", "aigc"), ("post_logout_redirect_uri", Home));
        answer.Headers.Location.ShouldBe(new(Home));
        await ShouldStayAsync(("client_id", "somebody"), ("post_logout_redirect_uri", Home));
    }

    [Fact]
    public async Task Signing_out_leads_nowhere_without_our_token()
    {
        var tokens = await _browser.SignInAsync("alice");
        foreach (var hint in new[] { null, "nonsense", (string?)tokens["access_token"] })
            await ShouldStayAsync(("id_token_hint", hint), ("post_logout_redirect_uri", Home));
        await ShouldStayAsync(("id_token_hint", (string?)tokens["id_token"]), ("post_logout_redirect_uri", "http://evil.example/"));
    }

    private Task<HttpResponseMessage> EndAsync(params IEnumerable<(string Key, string? Value)> query) =>
        _browser.Http.GetAsync(QueryHelpers.AddQueryString("end_session", query.ToDictionary(p => p.Key, p => p.Value)));

    private async Task ShouldStayAsync(params IEnumerable<(string Key, string? Value)> query)
    {
        var answer = await EndAsync(query);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith("Signed out.");
    }

    public void Dispose() => _browser.Dispose();
}
