using System.Net;

namespace Aigc.Api.Tests.Dashboard;

[Collection(SharedDashboard.Name)]
public sealed class PageTests(DashboardHost host)
{
    [Fact]
    public async Task Signed_out_the_first_page_offers_to_sign_in_and_the_others_lead_there()
    {
        using var nobody = host.Browser();
        (await nobody.ReadAsync("/")).ShouldContain("href=\"/login\"");
        using var tokens = await nobody.GetAsync("/tokens");
        tokens.Headers.Location!.OriginalString.ShouldEndWith("/login?returnUrl=%2Ftokens");
    }

    [Fact]
    public async Task Hostile_names_are_text_and_pages_carry_no_inline_script_or_style()
    {
        using var eve = await host.SignInAsync("<script>alert(1)</script>", admin: true);
        var engine = await host.TakeAsync(eve);
        foreach (var path in new[] { "/", $"/engines/{engine.Id}", $"/engines/{engine.Id}/delete", $"/engines/{engine.Id}/files", "/tokens", "/activity", "/admin", "/costs" })
        {
            using var response = await eve.GetAsync(path);
            var html = await response.Content.ReadAsStringAsync();
            html.ShouldNotContain("<script>");
            html.ShouldNotContain("<b>engine");
            html.ShouldNotContain("<img src=x");
            html.ShouldNotContain(" style=");
            html.ShouldNotContain(" onclick=");
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
        }
    }

    [Fact]
    public async Task The_language_is_the_browsers_until_one_is_chosen()
    {
        using var li = await host.SignInAsync("李雷", language: "zh-CN,zh;q=0.9");
        var html = await li.ReadAsync("/");
        html.ShouldContain("<html lang=\"zh-Hans\">");
        html.ShouldContain("你还没有引擎");
        html.ShouldContain("李雷");

        using var chosen = await li.GetAsync("/tokens?language=en");
        chosen.Headers.Location!.OriginalString.ShouldBe("/tokens");
        (await li.ReadAsync("/tokens")).ShouldContain("Your tokens");
    }

    [Fact]
    public async Task A_token_is_shown_once_and_can_be_revoked()
    {
        using var alice = await host.SignInAsync();
        var created = await alice.SubmitAsync("/tokens", "/tokens", ("name", "batch <script>"), ("days", "7"), ("scopes", "engines:read"));
        created.ShouldContain("value=\"aigc_");
        created.ShouldContain("batch &lt;script&gt;");
        var list = await alice.ReadAsync("/tokens");
        list.ShouldNotContain("value=\"aigc_");
        var revoke = list.Split("action=\"").Select(part => part.Split('"')[0]).Single(action => action.EndsWith("/revoke", StringComparison.Ordinal));
        (await alice.SubmitAsync("/tokens", revoke, ("name", "batch"))).ShouldContain("You have no tokens.");
    }

    [Fact]
    public async Task Styles_and_scripts_are_kept_by_browsers_for_as_long_as_they_stay_the_same()
    {
        using var nobody = host.Browser();
        var html = await nobody.ReadAsync("/");
        var style = html.Split('"').Single(text => text.StartsWith("/dashboard.css?v=", StringComparison.Ordinal));
        using var response = await nobody.GetAsync(style);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.ToString().ShouldContain("immutable");
    }
}
