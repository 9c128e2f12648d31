using System.Web;
using Aigc.Testing;

namespace Aigc.Attacks.Tests.Stage;

/// <summary>The way of a browser to an engine's host, step by step and without arriving: what is asleep stays asleep.</summary>
public static class HandOff
{
    private const string Page = "Accept: text/html";

    /// <summary>A browser that is nobody yet: the nonce it is given, and where it is sent.</summary>
    public static async Task<(string Nonce, string Enter)> BeginAsync(Theatre theatre, TakenEngine engine)
    {
        var answer = await theatre.SendAsync("GET", engine.Url.Authority, "/", [Page]);
        return (answer.Cookie("aigc-enter")!, new Uri(answer.Location!).PathAndQuery);
    }

    /// <summary>The one-time code that the dashboard gives for it, with the whole target on the engine's host.</summary>
    public static async Task<(string Code, string Target)> AskAsync(Theatre theatre, Cast person, string enter)
    {
        var answer = await theatre.SendAsync("GET", theatre.Dashboard, enter, [person.DashboardCookies]);
        var target = new Uri(answer.Location ?? throw new InvalidOperationException(answer.Text));
        return (HttpUtility.ParseQueryString(target.Query)["code"]!, target.PathAndQuery);
    }

    public static Task<RawAnswer> RedeemAsync(Theatre theatre, TakenEngine engine, string target, string? nonce) =>
        theatre.SendAsync("GET", engine.Url.Authority, target, nonce is null ? [Page] : [Page, $"Cookie: aigc-enter={nonce}"]);

    /// <summary>The cookie that opens the engine.</summary>
    public static async Task<string> WholeAsync(Theatre theatre, Cast person, TakenEngine engine)
    {
        var (nonce, enter) = await BeginAsync(theatre, engine);
        var (_, target) = await AskAsync(theatre, person, enter);
        return (await RedeemAsync(theatre, engine, target, nonce)).Cookie("aigc-engine")!;
    }
}
