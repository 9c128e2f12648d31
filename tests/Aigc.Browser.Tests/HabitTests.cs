using System.Globalization;

namespace Aigc.Browser.Tests;

/// <summary>An owner sees when their engine is woken before they come, and says whether it is.</summary>
[Collection(nameof(OneStudio))]
public sealed class HabitTests(Studio studio)
{
    [Fact]
    public async Task Its_owner_sees_when_it_is_woken_ahead_and_can_say_no()
    {
        using var frank = await studio.Product.Person("frank").SignInAsync();
        var engine = await frank.TakeAsync("demo");
        var details = $"/engines/{engine.Id}";
        await using (var browser = await studio.BrowserAsync())
            await Expect(Habit(await OpenAsync(browser, details))).ToContainTextAsync("No habit is known yet");

        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var day = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), berlin).Date.AddDays(2);
        DateTime[] comes = [day.AddHours(9), day.AddHours(13.5), day.AddDays(2).AddHours(9.25)];
        foreach (var at in comes)
            await PastVisits.AddAsync(studio.Product.ConnectionString("database"), new(engine.Id), [.. Enumerable.Range(1, 4).Select(week => At(at.AddDays(-7 * week)))]);

        foreach (var (width, height) in new[] { (1280, 995), (390, 844) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                var kind = $"{width}-{scheme}".ToLowerInvariant();
                await using var browser = await studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
                var page = await OpenAsync(browser, details);
                (await Habit(page).GetByRole(AriaRole.Listitem).AllTextContentsAsync()).ShouldBe(comes.Select(at => at.AddMinutes(-3).ToString("ddd HH:mm", CultureInfo.InvariantCulture)));
                await page.ShootAsync($"habit-{kind}");
                await page.ShouldBeReadableAsync($"habit {kind}");
                (await page.TabThroughAsync()).ShouldContain("Don't wake it ahead");
                await page.GetByRole(AriaRole.Button, new() { Name = "Don't wake it ahead" }).PressAsync("Enter");
                await Expect(page.GetByText("is not woken ahead of you.")).ToBeVisibleAsync();
                await Expect(Habit(page)).ToContainTextAsync("It sleeps until somebody visits it.");
                await page.GetByRole(AriaRole.Button, new() { Name = "Wake it ahead" }).PressAsync("Enter");
                await Expect(Habit(page).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
            }
        }

        DateTimeOffset At(DateTime local) => new(local, berlin.GetUtcOffset(local));
    }

    private static ILocator Habit(IPage page) => page.Locator("[data-part=habit]");

    private static async Task<IPage> OpenAsync(IBrowserContext browser, string path)
    {
        var page = await browser.SignInAsync("frank");
        await page.GotoAsync(path);
        return page;
    }
}
