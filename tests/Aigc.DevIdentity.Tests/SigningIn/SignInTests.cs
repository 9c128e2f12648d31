using System.Net;

namespace Aigc.DevIdentity.Tests.SigningIn;

public sealed class SignInTests(Provider provider) : IClassFixture<Provider>, IDisposable
{
    private readonly Browser _browser = new(provider);

    [Fact]
    public async Task A_person_chosen_on_the_page_gets_tokens_that_a_strict_client_accepts()
    {
        var back = await _browser.ChooseAsync(await _browser.AuthorizeAsync(), "carol");
        var returned = Browser.Returned(back);
        returned["state"].ShouldBe(_browser.State);
        returned["iss"].ShouldBe(provider.Issuer);

        var tokens = await Browser.JsonAsync(await _browser.RedeemAsync(returned["code"]));
        var idToken = await IdToken.CheckAsync(provider, tokens, _browser.Nonce);
        idToken.Subject.ShouldBe("carol");
        idToken.Claims.Where(c => c.Type == "groups").Select(c => c.Value).ShouldBe(["film"]);

        var person = await Browser.JsonAsync(await _browser.UserInfoAsync(tokens));
        ((string?)person["sub"]).ShouldBe("carol");
        ((string?)person["email"]).ShouldBe("carol@example.test");
    }

    [Fact]
    public async Task The_administrator_has_a_role_and_the_access_token_says_so()
    {
        var tokens = await _browser.SignInAsync("admin");
        var access = IdToken.Validate(await provider.DiscoverAsync(), (string)tokens["access_token"]!, "aigc-api");
        access.Header.Typ.ShouldBe("at+jwt");
        access.Claims.Single(c => c.Type == "roles").Value.ShouldBe("admin");
    }

    [Fact]
    public async Task Who_signed_in_once_is_not_asked_again()
    {
        await _browser.ChooseAsync(await _browser.AuthorizeAsync(), "bob");
        var tokens = await Browser.JsonAsync(await _browser.RedeemAsync(Browser.CodeIn(await _browser.AuthorizeAsync())));
        (await IdToken.CheckAsync(provider, tokens, _browser.Nonce)).Subject.ShouldBe("bob");
    }

    [Theory]
    [InlineData("login")]
    [InlineData("select_account")]
    public async Task Who_is_signed_in_can_become_somebody_else(string prompt)
    {
        await _browser.SignInAsync("alice");
        var back = await _browser.ChooseAsync(await _browser.AuthorizeAsync(("prompt", prompt)), "bob");
        var tokens = await Browser.JsonAsync(await _browser.RedeemAsync(Browser.CodeIn(back)));
        (await IdToken.CheckAsync(provider, tokens, _browser.Nonce)).Subject.ShouldBe("bob");
    }

    [Fact]
    public async Task A_silent_request_never_shows_a_page()
    {
        Browser.Returned(await _browser.AuthorizeAsync(("prompt", "none")))["error"].ShouldBe("login_required");
        await _browser.SignInAsync("alice");
        Browser.Returned(await _browser.AuthorizeAsync(("prompt", "none"))).ShouldContainKey("code");
        Browser.Returned(await _browser.AuthorizeAsync(("prompt", "none"), ("login_hint", "bob")))["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task An_unknown_person_sees_the_list_and_a_sentence_about_it()
    {
        await _browser.SignInAsync("alice");
        var page = await _browser.AuthorizeAsync(("login_hint", "<b>mallory</b>"));
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldContain("""<p role="alert">Nobody here is called &lt;b&gt;mallory&lt;/b&gt;.</p>""");
        html.ShouldNotContain("<b>mallory");
        Browser.Buttons(html).ShouldBe(["alice", "bob", "carol", "admin"]);
    }

    [Fact]
    public async Task The_page_speaks_the_language_of_the_browser()
    {
        _browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr, zh-CN;q=0.9, en;q=0.8");
        var html = await (await _browser.AuthorizeAsync()).Content.ReadAsStringAsync();
        html.ShouldContain("<html lang=\"zh-Hans\">");
        html.ShouldContain("登录");
    }

    public void Dispose() => _browser.Dispose();
}
