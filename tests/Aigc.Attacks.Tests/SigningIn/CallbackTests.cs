using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.SigningIn;

/// <summary>The provider's answer in the wrong browser, a second time, or made up.</summary>
[Collection(nameof(OneTheatre))]
public sealed class CallbackTests(Theatre theatre)
{
    [Fact]
    public async Task Bobs_answer_does_not_sign_another_browser_in_as_bob()
    {
        var (_, callback) = await AnswerAsync();
        NotSignedIn(await theatre.TryAsync("GET", theatre.Dashboard, callback));
        NotSignedIn(await theatre.TryAsync("GET", theatre.Dashboard, callback, theatre.Alice.DashboardCookies));
        (await theatre.SendAsync("GET", theatre.Dashboard, "/api/v1/me", [theatre.Alice.DashboardCookies])).Text.ShouldContain("\"alice\"");
    }

    [Fact]
    public async Task An_answer_signs_in_once()
    {
        var (cookies, callback) = await AnswerAsync();
        (await theatre.SendAsync("GET", theatre.Dashboard, callback, [cookies])).Cookie("aigc-sign-in").ShouldNotBeNull();
        NotSignedIn(await theatre.TryAsync("GET", theatre.Dashboard, callback, cookies));
    }

    [Fact]
    public async Task The_code_of_one_sign_in_does_not_do_for_another()
    {
        var (_, stolen) = await AnswerAsync();
        var (cookies, own) = await AnswerAsync();
        var code = System.Web.HttpUtility.ParseQueryString(stolen.Split('?')[1])["code"]!;
        var query = System.Web.HttpUtility.ParseQueryString(own.Split('?')[1]);
        query["code"] = code;
        NotSignedIn(await theatre.TryAsync("GET", theatre.Dashboard, $"/signin-oidc?{query}", cookies));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=y")]
    [InlineData("?state=y&error=access_denied")]
    [InlineData("?code=x&state=y&error_description=%3Cscript%3Ealert(1)%3C/script%3E&error=x")]
    [InlineData("?id_token=x.y.z")]
    [InlineData("?access_token=x")]
    public async Task What_the_provider_never_said_signs_nobody_in(string query)
    {
        var answer = await theatre.TryAsync("GET", theatre.Dashboard, $"/signin-oidc{query}", "Accept: text/html");
        NotSignedIn(answer);
        answer.Text.ShouldNotContain("<script>alert");
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    public async Task No_other_method_signs_in(string method)
    {
        var (cookies, callback) = await AnswerAsync();
        (await theatre.TryAsync(method, theatre.Dashboard, callback.Split('?')[0], cookies, "Content-Length: 0")).Cookie("aigc-sign-in").ShouldBeNull();
    }

    /// <summary>Bob's browser at the moment when the provider sends it back.</summary>
    private async Task<(string Cookies, string Callback)> AnswerAsync()
    {
        var login = await theatre.SendAsync("GET", theatre.Dashboard, "/login?login_hint=bob", []);
        var cookies = "Cookie: " + string.Join("; ", login.Cookies.Select(cookie => cookie.Split(';')[0]));
        var provider = await theatre.SendAsync("GET", theatre.Dashboard, new Uri(login.Location!).PathAndQuery, []);
        return (cookies, new Uri(provider.Location!).PathAndQuery);
    }

    private static void NotSignedIn(RawAnswer answer)
    {
        answer.ShouldBeRefused();
        answer.Cookie("aigc-sign-in").ShouldBeNull();
    }
}
