namespace Aigc.Browser.Tests;

/// <summary>The dashboard for those without a mouse, without JavaScript, or with another language.</summary>
[Collection(nameof(OneStudio))]
public sealed class EverybodyTests(Studio studio)
{
    [Fact]
    public async Task Its_main_actions_are_reached_and_done_with_the_keyboard()
    {
        await using var browser = await studio.BrowserAsync();
        var page = await browser.SignInAsync("dave");
        await page.TakeAsync(Offers.Easel);
        await page.GotoAsync("/");

        var stops = await page.TabThroughAsync();
        stops[0].ShouldBe("Skip to content");
        string[] expected = ["My engines", "Tokens", "简体中文", "Sign out", "Open and wake", "Wake", "Files", "Details", "Delete…", "Take"];
        expected.ShouldBeSubsetOf(stops);

        var card = page.Engine(Offers.Easel);
        await card.Button("Wake").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await card.ShowsAsync("Ready");
        await card.GetByText("Keep awake", new() { Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(card.GetByText("Kept awake, ends")).ToBeVisibleAsync();
        await card.Button("Sleep").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await card.ShowsAsync("Asleep");
    }

    [Fact]
    public async Task Everything_works_without_JavaScript()
    {
        await using var browser = await studio.BrowserAsync(new() { JavaScriptEnabled = false });
        var page = await browser.SignInAsync("erin");
        var (card, url, _) = await page.TakeAsync(Offers.Easel);

        await card.Button("Wake").ClickAsync();
        await ReloadUntilAsync(page, card, "Ready");
        await card.Button("Sleep").ClickAsync();
        await ReloadUntilAsync(page, card, "Asleep");

        await card.Link("Open and wake").ClickAsync();
        await page.ShowsHeadingAsync("Demo engine");
        new Uri(page.Url).Host.ShouldBe(url.Host, "the waiting page became the engine by itself");

        await page.GotoAsync("/");
        await card.Link("Delete…").ClickAsync();
        await page.ShowsHeadingAsync($"Delete {Offers.Easel}?");
        await page.Locator("main").GetByRole(AriaRole.Button, new() { NameRegex = new("^Delete the engine and its") }).ClickAsync();
        await Expect(page.GetByText($"{Offers.Easel} is being deleted.")).ToBeVisibleAsync();
        await Eventually.TrueAsync("the card is gone", TimeSpan.FromSeconds(30), async () =>
        {
            await page.GotoAsync("/");
            return await card.CountAsync() == 0;
        });
        await page.ShowsHeadingAsync("You have no engine yet");
    }

    [Fact]
    public async Task The_language_is_chosen_once_and_stays()
    {
        await using var browser = await studio.BrowserAsync();
        var page = await browser.SignInAsync("alice");
        await page.GetByRole(AriaRole.Link, new() { Name = "简体中文" }).ClickAsync();
        await page.ShowsHeadingAsync("我的引擎");
        await page.GetByRole(AriaRole.Link, new() { Name = "访问令牌" }).ClickAsync();
        await page.ShowsHeadingAsync("访问令牌");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");
        await page.ShouldBeReadableAsync("tokens in Chinese");
        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await page.ShowsHeadingAsync("Tokens");
    }

    [Fact]
    public async Task Signing_out_closes_the_engines_door_too()
    {
        await using var browser = await studio.BrowserAsync();
        var dashboard = await browser.SignInAsync("frank");
        var (_, url, _) = await dashboard.TakeAsync(Offers.Easel);
        var engine = await browser.NewPageAsync();
        await engine.GotoAsync(url.AbsoluteUri);
        await engine.ShowsHeadingAsync("Demo engine");
        await Expect(engine.GetByText("Ready.")).ToBeVisibleAsync();

        await dashboard.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(dashboard.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Expect(engine.GetByText("The connection is lost")).ToBeVisibleAsync();

        await engine.ReloadAsync();
        await engine.PickAsync("frank");
        await engine.ShowsHeadingAsync("Demo engine");
        engine.Url.ShouldBe(url.AbsoluteUri, "signing in leads back to where one was");
    }

    private static Task ReloadUntilAsync(IPage page, ILocator card, string state) =>
        Eventually.TrueAsync($"the card says {state}", TimeSpan.FromSeconds(30), async () =>
        {
            await page.GotoAsync("/");
            return await card.GetByText(state, new() { Exact = true }).CountAsync() > 0;
        });
}
