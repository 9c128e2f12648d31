using System.Net;

namespace Aigc.DevIdentity.Tests.SigningIn;

public sealed class RefusedSignInTests(Provider provider) : IClassFixture<Provider>, IDisposable
{
    private readonly Browser _browser = new(provider);

    [Theory]
    [InlineData("http://evil.example/signin-oidc")]
    [InlineData("http://localhost.evil.example/")]
    [InlineData("http://127.0.0.1@evil.example/")]
    [InlineData("http://evil.example\\@localhost/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://evillocalhost/")]
    [InlineData("javascript://localhost/%0aalert(1)")]
    [InlineData("http://localhost/#fragment")]
    [InlineData("//localhost/")]
    [InlineData("/signin-oidc")]
    [InlineData(null)]
    public Task Nobody_is_sent_off_this_machine(string? redirectUri) => ShouldStayAsync(("redirect_uri", redirectUri), "redirect_uri");

    [Theory]
    [InlineData("somebody-else")]
    [InlineData(null)]
    public Task An_unknown_client_gets_nobody(string? clientId) => ShouldStayAsync(("client_id", clientId), "client_id");

    [Theory]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("scope", "profile", "invalid_scope")]
    [InlineData("prompt", "create", "invalid_request")]
    public async Task A_weak_request_is_sent_back_with_an_error_and_no_code(string parameter, string? value, string error)
    {
        var returned = Browser.Returned(await _browser.AuthorizeAsync(("login_hint", "alice"), (parameter, value)));
        returned["error"].ShouldBe(error);
        returned["error_description"].ShouldNotBeEmpty();
        returned["state"].ShouldBe(_browser.State);
        returned.ShouldNotContainKey("code");
    }

    [Fact]
    public async Task A_forged_cookie_signs_nobody_in()
    {
        var signIn = await _browser.AuthorizeAsync(("login_hint", "admin"));
        var real = signIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=')[1];
        var accessToken = (string?)(await Browser.JsonAsync(await _browser.RedeemAsync(Browser.CodeIn(signIn))))["access_token"];
        (await WithCookieAsync(real)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        foreach (var forged in new[] { accessToken, real[..^4] + "AAAA", "a.b.c", "....", "" })
            (await WithCookieAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> WithCookieAsync(string? value)
    {
        using var stranger = new Browser(provider);
        stranger.Http.DefaultRequestHeaders.Add("Cookie", $"aigc-dev-identity={value}");
        return await stranger.AuthorizeAsync();
    }

    private async Task ShouldStayAsync((string Key, string? Value) change, string named)
    {
        var answer = await _browser.AuthorizeAsync(("login_hint", "alice"), change);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
        (await answer.Content.ReadAsStringAsync()).ShouldContain(named);
    }

    public void Dispose() => _browser.Dispose();
}
