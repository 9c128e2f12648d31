using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Aigc.DevIdentity.Tests.Tokens;

public sealed class TokenTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Provider _provider;
    private readonly Browser _browser;

    public TokenTests()
    {
        _provider = new Provider(clock: _clock);
        _browser = new(_provider);
    }

    [Fact]
    public async Task A_refresh_gives_new_tokens_for_the_same_person()
    {
        var first = await _browser.SignInAsync("bob");
        var second = await Browser.JsonAsync(await _browser.RefreshAsync(first));
        ((string?)second["refresh_token"]).ShouldNotBe((string?)first["refresh_token"]);
        (await IdToken.CheckAsync(_provider, second, _browser.Nonce)).Subject.ShouldBe("bob");
        await Browser.JsonAsync(await _browser.UserInfoAsync(second));
    }

    [Fact]
    public async Task A_refresh_token_used_twice_ends_the_sign_in_for_both_holders()
    {
        var first = await _browser.SignInAsync("bob");
        var second = await Browser.JsonAsync(await _browser.RefreshAsync(first));
        await Browser.ShouldRefuseAsync(await _browser.RefreshAsync(first), "invalid_grant");
        await Browser.ShouldRefuseAsync(await _browser.RefreshAsync(second), "invalid_grant");
    }

    [Fact]
    public async Task A_code_used_twice_takes_back_what_it_gave()
    {
        var code = await _browser.CodeAsync("alice");
        var tokens = await Browser.JsonAsync(await _browser.RedeemAsync(code));
        await Browser.ShouldRefuseAsync(await _browser.RedeemAsync(code), "invalid_grant");
        await Browser.ShouldRefuseAsync(await _browser.RefreshAsync(tokens), "invalid_grant");
    }

    [Theory]
    [InlineData("code_verifier", "another-verifier-of-a-decent-length-0123456789")]
    [InlineData("code_verifier", null)]
    [InlineData("redirect_uri", "http://app.localhost:5000/elsewhere")]
    [InlineData("redirect_uri", null)]
    public async Task A_stolen_code_is_worthless_and_spent(string field, string? value)
    {
        var code = await _browser.CodeAsync("alice");
        await Browser.ShouldRefuseAsync(await _browser.RedeemAsync(code, (field, value)), "invalid_grant");
        await Browser.ShouldRefuseAsync(await _browser.RedeemAsync(code), "invalid_grant");
    }

    [Fact]
    public async Task A_code_is_good_for_a_minute()
    {
        var code = await _browser.CodeAsync("alice");
        _clock.Advance(TimeSpan.FromSeconds(59));
        await Browser.JsonAsync(await _browser.RedeemAsync(code));
        code = await _browser.CodeAsync("alice");
        _clock.Advance(TimeSpan.FromSeconds(60));
        await Browser.ShouldRefuseAsync(await _browser.RedeemAsync(code), "invalid_grant");
    }

    [Fact]
    public async Task An_access_token_is_good_for_an_hour()
    {
        var tokens = await _browser.SignInAsync("alice");
        ((int?)tokens["expires_in"]).ShouldBe(3600);
        _clock.Advance(TimeSpan.FromSeconds(3599));
        await Browser.JsonAsync(await _browser.UserInfoAsync(tokens));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Browser.ShouldRefuseAsync(await _browser.UserInfoAsync(tokens), "invalid_token", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("client_secret", "wrong")]
    [InlineData("client_secret", null)]
    [InlineData("client_id", "somebody-else")]
    public async Task A_wrong_client_gets_nothing_and_does_not_spend_the_code(string field, string? value)
    {
        var code = await _browser.CodeAsync("alice");
        await Browser.ShouldRefuseAsync(await _browser.RedeemAsync(code, (field, value)), "invalid_client", HttpStatusCode.Unauthorized);
        await Browser.JsonAsync(await _browser.RedeemAsync(code));
    }

    [Fact]
    public async Task A_service_gets_a_token_for_itself_that_is_not_a_person()
    {
        var tokens = await Browser.JsonAsync(await _browser.PostAsync(("grant_type", "client_credentials"), ("scope", "aigc")));
        IdToken.Validate(await _provider.DiscoverAsync(), (string)tokens["access_token"]!, "aigc-api").Subject.ShouldBe("aigc");
        tokens.ContainsKey("refresh_token").ShouldBeFalse();
        await Browser.ShouldRefuseAsync(await _browser.UserInfoAsync(tokens), "invalid_token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_secret_may_come_in_the_basic_header()
    {
        await Browser.JsonAsync(await PostBasicAsync(Provider.ClientSecret));
        await Browser.ShouldRefuseAsync(await PostBasicAsync("wrong"), "invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_id_token_opens_nothing()
    {
        var tokens = await _browser.SignInAsync("alice");
        tokens["access_token"] = (string?)tokens["id_token"];
        await Browser.ShouldRefuseAsync(await _browser.UserInfoAsync(tokens), "invalid_token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Other_grants_and_other_bodies_are_refused()
    {
        await Browser.ShouldRefuseAsync(await _browser.PostAsync(("grant_type", "password")), "unsupported_grant_type");
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        await Browser.ShouldRefuseAsync(await _browser.Http.PostAsync("token", json), "invalid_request");
    }

    private async Task<HttpResponseMessage> PostBasicAsync(string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"aigc:{WebUtility.UrlEncode(secret)}")));
        return await _browser.Http.SendAsync(request);
    }

    public void Dispose()
    {
        _browser.Dispose();
        _provider.Dispose();
    }
}
