using System.Net.Http.Json;

namespace Aigc.Browser.Tests;

/// <summary>Every page, on a desk and in a hand, by day and by night.</summary>
[Collection(nameof(OneStudio))]
public sealed class PagesTests(Studio studio)
{
    private static readonly (int Width, int Height)[] Screens = [(1280, 995), (390, 844)];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    [Fact]
    public async Task All_pages_can_be_read_on_a_desk_and_in_a_hand_by_day_and_by_night()
    {
        using var grace = await studio.Product.Person("grace").SignInAsync();
        var (ready, starting, failed) = await EnginesAsync(grace);
        foreach (var (width, height) in Screens)
        {
            foreach (var scheme in Schemes)
            {
                await using var browser = await studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
                await LookAroundAsync(await browser.NewPageAsync(), $"{width}-{scheme}", ready, starting, failed);
            }
        }
    }

    private static async Task LookAroundAsync(IPage page, string kind, TakenEngine ready, TakenEngine starting, TakenEngine failed)
    {
        await page.GotoAsync("/");
        await LookAsync(page, "welcome", kind);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button).First).ToBeVisibleAsync();
        await LookAsync(page, "sign-in", kind);
        await page.PickAsync("grace");
        await page.ShowsHeadingAsync("My engines");
        await page.Engine(Offers.Broken).ShowsAsync("Failed");
        // The one of the README.
        await page.ShootAsync($"overview-{kind}".ToLowerInvariant(), fullPage: false);
        await LookAsync(page, "dashboard", kind);

        var details = $"/engines/{ready.Id}";
        (string Name, string Path)[] pages =
        [
            ("engine", details), ("files", $"{details}/files"), ("folder", $"{details}/files?path=outputs"), ("delete", $"{details}/delete"),
            ("engine-failed", $"/engines/{failed.Id}"), ("tokens", "/tokens"), ("activity", "/activity"), ("missing", "/no-such-page"),
        ];
        foreach (var (name, path) in pages)
        {
            await page.GotoAsync(path);
            await LookAsync(page, name, kind);
        }

        await page.GotoAsync(starting.Url.AbsoluteUri);
        await Expect(page.GetByText("becomes your engine by itself.")).ToBeVisibleAsync();
        await LookAsync(page, "waiting", kind);
        await page.GotoAsync(failed.Url.AbsoluteUri);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Its program ended with exit code 3.")).ToBeVisibleAsync();
        await LookAsync(page, "failed", kind);
    }

    /// <summary>Engines in every state that lasts.</summary>
    private static async Task<(TakenEngine Ready, TakenEngine Starting, TakenEngine Failed)> EnginesAsync(Person person)
    {
        var ready = await person.TakeAsync("concept-art");
        var asleep = await person.TakeAsync("demo");
        await person.TakeAsync("node-red");
        var starting = await person.TakeAsync("storyboards");
        var failed = await person.TakeAsync("upscaler");
        foreach (var engine in new[] { ready, asleep, starting, failed })
            await engine.AskAsync("wake");
        await ready.ReachesAsync("Ready");
        await ready.NavigateAsync();
        using (var picture = await ready.VisitAsync("sdapi/v1/txt2img", HttpMethod.Post, JsonContent.Create(new { prompt = "a lighthouse at dusk", seed = 7, steps = 2, width = 256, height = 256 })))
            picture.EnsureSuccessStatusCode();
        await person.CallAsync(HttpMethod.Post, $"api/v1/engines/{ready.Id}/keep-awake", new { minutes = 60 });
        await person.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "nightly batch", expiresInDays = 30 });
        await asleep.ReachesAsync("Ready");
        await asleep.AskAsync("sleep");
        await asleep.ReachesAsync("Asleep");
        await starting.ReachesAsync("Starting");
        await failed.ReachesAsync("Failed");
        return (ready, starting, failed);
    }

    private static async Task LookAsync(IPage page, string name, string kind)
    {
        await page.ShootAsync($"{name}-{kind}".ToLowerInvariant());
        await page.ShouldBeReadableAsync($"{name} {kind}");
    }
}
