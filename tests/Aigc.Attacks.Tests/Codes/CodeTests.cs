using Aigc.Attacks.Tests.Stage;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Attacks.Tests.Codes;

/// <summary>One-time codes in the wrong hands. A code is always Alice's own, for her engine that sleeps.</summary>
[Collection(nameof(OneTheatre))]
public sealed class CodeTests(Theatre theatre)
{
    private const string OtherNonce = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Fact]
    public async Task A_code_opens_once()
    {
        var (nonce, target) = await CodeAsync();
        (await HandOff.RedeemAsync(theatre, theatre.Sleeper, target, nonce)).Cookie("aigc-engine").ShouldNotBeNull();
        Refused(await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, theatre.Sleeper, target, nonce)));
    }

    [Fact]
    public async Task Of_twenty_at_the_same_time_one_opens()
    {
        var (nonce, target) = await CodeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HandOff.RedeemAsync(theatre, theatre.Sleeper, target, nonce)));
        answers.Count(answer => answer.Cookie("aigc-engine") is not null).ShouldBe(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OtherNonce)]
    [InlineData("")]
    [InlineData("%00")]
    public async Task Another_browser_gets_nothing_for_it_and_it_is_spent(string? nonce)
    {
        var (own, target) = await CodeAsync();
        Refused(await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, theatre.Sleeper, target, nonce)));
        if (nonce == OtherNonce)
            Refused(await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, theatre.Sleeper, target, own)));
    }

    [Fact]
    public async Task The_nonces_hash_which_the_address_shows_is_no_nonce()
    {
        var (_, enter) = await HandOff.BeginAsync(theatre, theatre.Sleeper);
        var (_, target) = await HandOff.AskAsync(theatre, theatre.Alice, enter);
        var hash = System.Web.HttpUtility.ParseQueryString(enter.Split('?')[1])["browser"];
        Refused(await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, theatre.Sleeper, target, hash)));
    }

    [Fact]
    public async Task It_opens_no_other_engine_of_hers_and_none_of_bobs()
    {
        foreach (var other in new[] { theatre.Awake, theatre.Hostile })
        {
            var (nonce, target) = await CodeAsync();
            Refused(await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, other, target, nonce)));
        }
    }

    [Fact]
    public async Task After_its_minute_it_opens_nothing()
    {
        var (nonce, target) = await CodeAsync();
        var tracker = new SqliteFile(theatre.Product.ConnectionString("tracker"));
        await using (var connection = await tracker.OpenAsync(CancellationToken.None))
            (await connection.ExecuteAsync("UPDATE codes SET expires_at = expires_at - 60000")).ShouldBePositive("the minute goes by");
        Refused(await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, theatre.Sleeper, target, nonce)));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    public async Task Only_a_visit_of_the_page_redeems_it(string method)
    {
        var (nonce, target) = await CodeAsync();
        var answer = await theatre.TryAsync(method, theatre.Sleeper.Url.Authority, target, $"Cookie: aigc-enter={nonce}");
        answer.Cookie("aigc-engine").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("' OR 1=1 --")]
    [InlineData("*")]
    [InlineData("%00")]
    [InlineData("{hash}")]
    [InlineData("{token}")]
    [InlineData("{cookie}")]
    public async Task What_is_no_code_opens_nothing(string code)
    {
        var (nonce, target) = await CodeAsync();
        var real = System.Web.HttpUtility.ParseQueryString(target.Split('?')[1])["code"]!;
        var guess = code
            .Replace("{hash}", Aigc.Engines.People.SignInKey.Of(real).Value, StringComparison.Ordinal)
            .Replace("{token}", theatre.Alice.Token, StringComparison.Ordinal)
            .Replace("{cookie}", theatre.Alice.DashboardCookie, StringComparison.Ordinal);
        Refused(await theatre.UnchangedAsync(() =>
            HandOff.RedeemAsync(theatre, theatre.Sleeper, $"/.aigc/enter?code={Uri.EscapeDataString(guess)}&returnUrl=%2F", nonce)));
    }

    [Fact]
    public async Task A_hundred_guesses_open_nothing()
    {
        var (nonce, _) = await CodeAsync();
        await theatre.UnchangedAsync(async () =>
        {
            for (var guess = 0; guess < 100; guess++)
            {
                var code = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
                Refused(await HandOff.RedeemAsync(theatre, theatre.Sleeper, $"/.aigc/enter?code={code}", nonce));
            }
        });
    }

    [Theory]
    [InlineData("bob's browser")]
    [InlineData("bob's token")]
    [InlineData("alice's token")]
    [InlineData("administrator's browser")]
    public async Task The_dashboard_gives_a_code_to_the_owners_browser_alone(string who)
    {
        var (_, enter) = await HandOff.BeginAsync(theatre, theatre.Sleeper);
        var credential = who switch
        {
            "bob's browser" => theatre.Bob.DashboardCookies,
            "bob's token" => theatre.Bob.Bearer,
            "alice's token" => theatre.Alice.Bearer,
            _ => theatre.Admin.DashboardCookies,
        };
        var answer = await theatre.TryAsync("GET", theatre.Dashboard, enter, credential);
        answer.Text.ShouldNotContain("code=");
        if (who.EndsWith("token", StringComparison.Ordinal))
            answer.Location.ShouldNotBeNull().ShouldStartWith("/login?");
        else
            answer.ShouldBeRefused(403, 404);
    }

    [Fact]
    public async Task Nobody_gets_no_code()
    {
        var (_, enter) = await HandOff.BeginAsync(theatre, theatre.Sleeper);
        var answer = await theatre.TryAsync("GET", theatre.Dashboard, enter);
        answer.Location.ShouldNotBeNull().ShouldStartWith("/login?");
    }

    [Fact]
    public async Task Bobs_code_does_not_sign_alice_in_as_bob()
    {
        var (_, enter) = await HandOff.BeginAsync(theatre, theatre.Hostile);
        var (_, target) = await HandOff.AskAsync(theatre, theatre.Bob, enter);
        var (alices, _) = await HandOff.BeginAsync(theatre, theatre.Hostile);
        Refused(await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, theatre.Hostile, target, alices)));
    }

    private async Task<(string Nonce, string Target)> CodeAsync()
    {
        var (nonce, enter) = await HandOff.BeginAsync(theatre, theatre.Sleeper);
        return (nonce, (await HandOff.AskAsync(theatre, theatre.Alice, enter)).Target);
    }

    private static void Refused(RawAnswer answer) => answer.ShouldBeRefused(400).Cookies.ShouldNotContain(cookie => cookie.StartsWith("aigc-engine"));
}
