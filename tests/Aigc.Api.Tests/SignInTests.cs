using System.Buffers.Text;
using System.Net;
using System.Text;
using Aigc.Api.SigningIn;
using Aigc.Api.Tests.Harness;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class SignInTests(RunningApi api)
{
    [Fact]
    public async Task Signing_in_needs_only_redirects_and_ends_where_one_was_going()
    {
        using var visitor = api.Visitor();
        var page = await visitor.GetAsync("/enter?host=none&browser=b");
        page.StatusCode.ShouldBe(HttpStatusCode.Found);
        page.Headers.Location!.OriginalString.ShouldBe("/login?returnUrl=%2Fenter%3Fhost%3Dnone%26browser%3Db");

        var landed = await visitor.FollowAsync($"{page.Headers.Location}&login_hint=alice");
        landed.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/enter?host=none&browser=b");
        landed.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        visitor.Cookie("aigc-sign-in")!.Length.ShouldBe(43);
    }

    [Fact]
    public async Task The_provider_says_who_one_is()
    {
        using var admin = await api.SignInAsync("admin");
        var me = await Visitor.JsonAsync(admin.GetAsync("/api/v1/me"));
        me.GetProperty("id").GetString().ShouldBe("admin");
        me.GetProperty("group").GetString().ShouldBe("it");
        me.GetProperty("isAdmin").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("/a?b=c", "/a?b=c")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Nobody_is_sent_to_another_host_after_signing_in(string? asked, string goes) => LocalPath.Or(asked).ShouldBe(goes);

    [Fact]
    public async Task An_answer_with_another_nonce_signs_nobody_in()
    {
        using var visitor = api.Visitor();
        var url = (await visitor.GetAsync("/login?login_hint=alice")).Headers.Location!.AbsoluteUri;
        var nonce = QueryHelpers.ParseQuery(new Uri(url).Query)["nonce"].ToString();
        using var page = await visitor.FollowAsync(url.Replace(nonce, "another", StringComparison.Ordinal));
        page.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        visitor.Cookie("aigc-sign-in").ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_meant_for_another_browser_signs_nobody_in()
    {
        using var attacker = api.Visitor();
        var url = (await attacker.GetAsync("/login?login_hint=bob")).Headers.Location!.AbsoluteUri;
        var callback = (await attacker.GetAsync(url)).Headers.Location!.AbsoluteUri;
        using var victim = api.Visitor();
        (await victim.FollowAsync(callback)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        victim.Cookie("aigc-sign-in").ShouldBeNull();
        (await victim.FollowAsync("/signin-oidc?code=x&state=forged")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_everywhere_and_needs_a_form_of_ours()
    {
        using var alice = await api.SignInAsync("alice");
        using var proxy = api.Proxy();
        var cookie = alice.Cookie("aigc-sign-in")!;
        (await proxy.AuthenticateAsync(cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var token = alice.Antiforgery;
        alice.Antiforgery = null;
        (await alice.PostAsync("/logout")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        alice.Antiforgery = token;
        var out_ = await alice.PostAsync("/logout");
        out_.StatusCode.ShouldBe(HttpStatusCode.Found);
        out_.Headers.Location!.AbsoluteUri.ShouldContain("/end_session?client_id=aigc&post_logout_redirect_uri=");
        (await proxy.AuthenticateAsync(cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_so_and_keeps_nobody_out_who_is_in()
    {
        using var alice = await api.SignInAsync("alice");
        await using var other = await api.StartAnotherAsync(new("http://127.0.0.1:9/identity"));
        using var visitor = new Visitor(other.Address);
        var page = await visitor.GetAsync("/login?returnUrl=/x");
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await page.Content.ReadAsStringAsync()).ShouldContain("The identity provider does not answer.");

        using var proxy = new HttpClient { BaseAddress = other.Address, DefaultRequestHeaders = { { "X-Gateway-Key", RunningApi.Key } } };
        (await proxy.AuthenticateAsync(alice.Cookie("aigc-sign-in")!)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var unchecked_ = string.Join('.', new[] { """{"alg":"RS256"}""", """{"aud":"aigc-api"}""", "?" }.Select(part => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part))));
        using var program = new Visitor(other.Address) { Bearer = unchecked_ };
        await Visitor.ProblemAsync(program.GetAsync("/api/v1/me"), HttpStatusCode.ServiceUnavailable, "provider-away");
    }
}
