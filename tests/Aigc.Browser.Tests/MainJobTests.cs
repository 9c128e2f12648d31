namespace Aigc.Browser.Tests;

/// <summary>What an artist comes for, done with the mouse: nothing here but what people see and click.</summary>
public abstract class MainJobContract(Studio studio)
{
    private readonly Product _product = studio.Product;

    [Fact]
    public async Task Alice_works_leaves_and_finds_everything_and_bob_stays_out()
    {
        await using var alicesBrowser = await studio.BrowserAsync();
        await using var bobsBrowser = await studio.BrowserAsync();
        var page = await alicesBrowser.SignInAsync("alice");
        foreach (var offered in new[] { "Demo engine", "Node-RED", Offers.Dozer })
            await Expect(page.Template(offered)).ToBeVisibleAsync();
        var (card, url, id) = await page.TakeAsync(Offers.Dozer);
        await card.ShowsAsync("Asleep");
        using var api = await _product.Person("alice").SignInAsync();
        var engine = new TakenEngine(api, id, url);

        await BobStaysOutAsync(bobsBrowser, url);
        var untouched = await engine.ReadAsync();
        (untouched["desired"]!.GetValue<string>(), untouched["state"]!.GetValue<string>(), untouched["generation"]!.GetValue<long>())
            .ShouldBe(("Asleep", "Asleep", 1), "what bob asked for woke nothing");

        var dashboard = await alicesBrowser.NewPageAsync();
        await dashboard.GotoAsync("/");
        await dashboard.EvaluateAsync("window.neverReloaded = true");
        var socketData = 0;
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => socketData += frame.Binary is null ? 0 : 1;

        var waiting = await page.RunAndWaitForResponseAsync(
            () => card.Link("Open and wake").ClickAsync(), answer => answer.Status == 503 && answer.Request.IsNavigationRequest);
        new Uri(waiting.Url).Host.ShouldBe(url.Host);
        await Expect(page.GetByText("becomes your engine by itself.")).ToBeVisibleAsync();
        await dashboard.Engine(Offers.Dozer).ShowsAsync("Starting");
        await page.ShowsHeadingAsync("Demo engine");
        await dashboard.Engine(Offers.Dozer).ShowsAsync("Ready");

        await GenerateAsync(page, "a lighthouse at dusk", steps: 15);
        await Expect(Pictures(page)).ToHaveCountAsync(1);
        socketData.ShouldBeGreaterThan(1, "previews came through the WebSocket");

        await GenerateAsync(page, "a long night over the harbour", steps: 60);
        var began = TimeProvider.System.GetTimestamp();
        await page.CloseAsync();
        await Eventually.TrueAsync("the picture is on the disk", TimeSpan.FromSeconds(60), async () =>
        {
            var state = await engine.StateAsync();
            if (await studio.PicturesAsync(engine) == 2)
                return true;
            state.ShouldBe("Ready", "a generation keeps its engine awake, watched or not");
            return false;
        });
        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThan(Offers.DozerIdle, "or else this proves nothing");

        await dashboard.Engine(Offers.Dozer).ShowsAsync("Asleep");
        (await studio.HasComputeAsync(id)).ShouldBeFalse("the engine gave its compute back");
        (await dashboard.EvaluateAsync<bool>("window.neverReloaded === true")).ShouldBeTrue("the card followed without a reload");
        await BobStaysOutAsync(bobsBrowser, url);
        (await engine.StateAsync()).ShouldBe("Asleep");

        var again = await alicesBrowser.NewPageAsync();
        await again.GotoAsync(url.AbsoluteUri);
        await again.ShowsHeadingAsync("Demo engine");
        await Expect(Pictures(again)).ToHaveCountAsync(2);
        foreach (var prompt in new[] { "a lighthouse at dusk", "a long night over the harbour" })
        {
            var picture = again.GetByRole(AriaRole.Img, new() { Name = prompt });
            await picture.ScrollIntoViewIfNeededAsync();
            await Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 256);
        }

        _product.Log.ShouldNotContain("code=", Case.Sensitive, "who reads the log cannot sign in with it");
    }

    private static async Task BobStaysOutAsync(IBrowserContext browser, Uri url)
    {
        var bob = browser.Pages.Count > 0 ? browser.Pages[0] : await browser.SignInAsync("bob");
        var answer = await bob.GotoAsync(url.AbsoluteUri);
        answer!.Status.ShouldBe(403);
        await bob.ShowsHeadingAsync("This engine is somebody else's");
    }

    /// <summary>Orders a picture on the engine's own page and sees it grow.</summary>
    private static async Task GenerateAsync(IPage page, string prompt, int steps)
    {
        await page.GetByLabel("Prompt", new() { Exact = true }).FillAsync(prompt);
        foreach (var (label, value) in new[] { ("Width", 256), ("Height", 256), ("Steps", steps) })
            await page.GetByLabel(label, new() { Exact = true }).FillAsync($"{value}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Preview of the picture being computed" })).ToBeVisibleAsync();
        await Expect(page.GetByText(new System.Text.RegularExpressions.Regex($"Step [1-9]\\d* of {steps}"))).ToBeVisibleAsync();
    }

    private static ILocator Pictures(IPage page) =>
        page.GetByRole(AriaRole.Region, new() { Name = "On this engine’s disk" }).GetByRole(AriaRole.Listitem);
}

[Collection(nameof(OneStudio))]
public sealed class MainJobTests(Studio studio) : MainJobContract(studio);
