using System.Text.RegularExpressions;

namespace Aigc.Browser.Tests;

/// <summary>What people see, named as they would name it.</summary>
internal static class Seen
{
    /// <summary>Signs in as a person does: the dashboard, the button, the list of people.</summary>
    public static async Task<IPage> SignInAsync(this IBrowserContext browser, string name)
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.PickAsync(name);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My engines", Level = 1 })).ToBeVisibleAsync();
        return page;
    }

    /// <summary>A choice in the list of people.</summary>
    public static Task PickAsync(this IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{Regex.Escape(name)}\\b") }).ClickAsync();

    public static ILocator Template(this IPage page, string title) =>
        page.GetByRole(AriaRole.Region, new() { Name = "Templates" }).Card(page, title);

    /// <summary>An engine's card, on the first page.</summary>
    public static ILocator Engine(this IPage page, string title) =>
        page.GetByRole(AriaRole.Region, new() { Name = "My engines" }).Card(page, title);

    public static ILocator Button(this ILocator within, string name) => within.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Link(this ILocator within, string name) => within.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>An engine's state, as its card says it.</summary>
    public static Task ShowsAsync(this ILocator card, string state, int withinSeconds = 30) =>
        Expect(card.GetByText(state, new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = withinSeconds * 1000 });

    public static Task ShowsHeadingAsync(this IPage page, string heading, int withinSeconds = 30) =>
        Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true })).ToBeVisibleAsync(new() { Timeout = withinSeconds * 1000 });

    /// <summary>Takes a template and tells which engine it became.</summary>
    public static async Task<(ILocator Card, Uri Url, string Id)> TakeAsync(this IPage page, string title)
    {
        await page.Template(title).GetByRole(AriaRole.Button, new() { NameRegex = new("^Take") }).ClickAsync();
        await Expect(page.GetByText($"{title} is yours.")).ToBeVisibleAsync();
        var card = page.Engine(title);
        var url = await card.Link("Open and wake").GetAttributeAsync("href");
        return (card, new Uri(url!), (await card.GetAttributeAsync("data-engine"))!);
    }

    private static ILocator Card(this ILocator region, IPage page, string title) =>
        region.GetByRole(AriaRole.Article).Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });
}
