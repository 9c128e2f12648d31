using Aigc.Testing;

namespace Aigc.Attacks.Tests.Stage;

/// <summary>A person, and what they hold.</summary>
/// <param name="Token">A personal token with everything that the person may do.</param>
public sealed record Cast(Person Person, string Token)
{
    public string Bearer => $"Authorization: Bearer {Token}";

    /// <summary>The line of a browser that is on the dashboard's host.</summary>
    public string DashboardCookies => Line(new Uri("http://localhost/"));

    public string DashboardCookie => Person.Cookies.GetCookies(new Uri("http://localhost/"))["aigc-sign-in"]!.Value;

    public string Antiforgery => $"X-XSRF-TOKEN: {Person.Antiforgery}";

    public static async Task<Cast> OfAsync(Product product, string name)
    {
        var person = await product.Person(name).SignInAsync();
        return new(person, await NewTokenAsync(person));
    }

    public static async Task<string> NewTokenAsync(Person person) =>
        (await person.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "attack", expiresInDays = 1 }))["token"]!.GetValue<string>();

    private string Line(Uri host) =>
        "Cookie: " + string.Join("; ", Person.Cookies.GetCookies(host).Select(cookie => $"{cookie.Name}={cookie.Value}"));
}
