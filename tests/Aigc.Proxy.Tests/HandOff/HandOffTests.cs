using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Aigc.Proxy.HandOff;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.HandOff;

public sealed class HandOffTests
{
    [Fact]
    public async Task A_browser_signs_in_and_comes_back_to_the_very_address()
    {
        await using var gateway = await Gateway.StartAsync();
        var (nonce, location) = await BeginAsync(gateway, "/a%20b?q=1&r=%2F");
        var query = HttpUtility.ParseQueryString(location.Query);
        location.GetLeftPart(UriPartial.Path).ShouldBe("http://localhost:8080/enter");
        query["host"].ShouldBe(Gateway.Label);
        query["browser"].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(nonce))));
        query["returnUrl"].ShouldBe("/a%20b?q=1&r=%2F");
        gateway.Api.Codes["code"] = new("code", Gateway.Label, nonce);

        var enter = "/.aigc/enter?code=code&returnUrl=" + Uri.EscapeDataString(query["returnUrl"]!);
        var answer = await gateway.SendAsync(gateway.Navigation(enter, "aigc-enter=" + nonce));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK); // a hop of the same origin
        (await answer.Content.ReadAsStringAsync()).ShouldContain("/a%20b?q=1&amp;r=%2F");
        var cookie = string.Join('\n', answer.Headers.GetValues("Set-Cookie"));
        cookie.ShouldContain("aigc-engine=" + Gateway.AliceCookie);
        cookie.ToLowerInvariant().ShouldContain("httponly");
        cookie.ToLowerInvariant().ShouldNotContain("domain");
    }

    [Fact]
    public async Task Tabs_that_sign_in_side_by_side_share_one_nonce()
    {
        await using var gateway = await Gateway.StartAsync();
        var (nonce, _) = await BeginAsync(gateway, "/");

        var second = await gateway.SendAsync(gateway.Navigation("/other", "aigc-enter=" + nonce));

        second.Headers.GetValues("Set-Cookie").Single().ShouldContain("aigc-enter=" + nonce);
    }

    [Fact]
    public async Task A_used_code_or_another_browsers_gives_a_page_to_try_again()
    {
        await using var gateway = await Gateway.StartAsync();
        var (nonce, _) = await BeginAsync(gateway, "/");
        gateway.Api.Codes["code"] = new("code", Gateway.Label, "another browser's");

        var stale = await gateway.SendAsync(gateway.Navigation("/.aigc/enter?code=code&returnUrl=%2Fx", "aigc-enter=" + nonce));
        var bare = await gateway.SendAsync(gateway.Navigation("/.aigc/enter?code=code", cookie: null));

        stale.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        bare.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await stale.Content.ReadAsStringAsync()).ShouldContain("href=\"/x\"");
        stale.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Who_goes_back_to_a_used_link_and_is_signed_in_goes_on()
    {
        await using var gateway = await Gateway.StartAsync();

        var answer = await gateway.SendAsync(gateway.Navigation("/.aigc/enter?code=used&returnUrl=%2Fx"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("href=\"/x\"");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task The_page_of_a_stale_code_speaks_the_readers_language_and_leads_nowhere_else()
    {
        await using var gateway = await Gateway.StartAsync();
        var request = gateway.Navigation("/.aigc/enter?code=used&returnUrl=https%3A%2F%2Fevil.example", cookie: null);
        request.Headers.AcceptLanguage.ParseAdd("zh-CN");

        var answer = await gateway.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("lang=\"zh-CN\"");
        page.ShouldContain("href=\"/\"");
        page.ShouldNotContain("evil.example");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/ok\r\nSet-Cookie: x=y")]
    [InlineData("/\t/evil.example")]
    [InlineData("")]
    [InlineData(null)]
    public void No_link_leads_from_the_sign_in_to_another_site(string? url) => ReturnUrl.Local(url).ShouldBe("/");

    [Fact]
    public async Task Programs_get_401_and_people_the_sign_in()
    {
        await using var gateway = await Gateway.StartAsync();
        var xhr = gateway.Request(HttpMethod.Get, "/api", token: null);
        xhr.Headers.Add("Sec-Fetch-Mode", "cors");

        var answer = await gateway.SendAsync(xhr);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await gateway.SendAsync(gateway.Navigation("/", cookie: null))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        gateway.Api.Visits.ShouldBeEmpty();
    }

    private static async Task<(string Nonce, Uri Location)> BeginAsync(Gateway gateway, string path)
    {
        var answer = await gateway.SendAsync(gateway.Navigation(path, cookie: null));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        return (cookie["aigc-enter=".Length..cookie.IndexOf(';')], answer.Headers.Location!);
    }
}
