using System.Text.RegularExpressions;
using Aigc.Engines.Storage;

namespace Aigc.Browser.Tests;

/// <summary>Nobody is surprised by an engine that falls asleep: the dashboard says so before, and one key keeps it awake.</summary>
[Collection(nameof(OneStudio))]
public sealed class WarningTests(Studio studio)
{
    /// <summary>Tells its owner 6 s before it sleeps.</summary>
    private const string Napper = """
        name: napper
        title: Quick look
        description: Sleeps soon.
        version: "1"
        local: { command: dotnet, arguments: ["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "--data", "{data}"] }
        readiness: { path: /healthz }
        idle: { timeout: 30s }
        """;

    [Fact]
    public async Task An_engine_about_to_sleep_is_told_of_on_every_page_and_kept_awake_with_one_key()
    {
        using var admin = await studio.Product.Person("admin").SignInAsync();
        await admin.OfferAsync("napper", Napper);
        using var ivan = await studio.Product.Person("ivan").SignInAsync();
        var napper = await ivan.TakeAsync("napper");
        await napper.AskAsync("wake");
        var engine = await ivan.TakeAsync("concept-art");
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");

        await using var phones = await studio.BrowserAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        var waiting = NapsAsync(await phones.SignInAsync("ivan"), napper);
        foreach (var (width, height) in new[] { (1280, 995), (390, 844) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var browser = await studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
                await KeepAwakeAsync(await browser.SignInAsync("ivan"), engine, $"{width}-{scheme}".ToLowerInvariant());
                await ivan.CallAsync(HttpMethod.Post, $"api/v1/engines/{engine.Id}/keep-awake", new { minutes = 0 });
            }
        }

        await waiting;
    }

    [Fact]
    public async Task Work_is_ended_only_knowingly_and_rules_are_laid_down_with_a_form()
    {
        using var ivan = await studio.Product.Person("ivan").SignInAsync();
        var engine = await ivan.TakeAsync("demo");
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");
        (int Width, int Height, ColorScheme Scheme, string Locale)[] looks =
            [(1280, 995, ColorScheme.Light, "en-GB"), (390, 844, ColorScheme.Dark, "zh-CN")];
        foreach (var (width, height, scheme, locale) in looks)
        {
            var kind = $"{width}-{scheme}-{locale}".ToLowerInvariant();
            await using var browser = await studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, Locale = "en-GB" });
            var page = await browser.SignInAsync("ivan");
            await TellAsync(engine, "'$.why', 'Work', '$.said', json('{\"kind\":\"ComfyUi\",\"detail\":\"\",\"jobs\":2}')");
            await page.GotoAsync($"/engines/{engine.Id}?language={locale[..2]}");
            await LookAsync(page, "at-work", kind);
            await page.Locator("form[action$='/sleep'] button").ClickAsync();
            await Expect(page.Locator("button[name=evenIfBusy]")).ToBeVisibleAsync();
            await LookAsync(page, "busy", kind);

            await using var office = await studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
            var admin = await office.SignInAsync("admin");
            await admin.GotoAsync($"/rules/idle?language={locale[..2]}");
            await admin.Locator("#scope").SelectOptionAsync("group");
            await admin.Locator("#id").FillAsync($"a group of {width}");
            await admin.Locator("#timeout").FillAsync("20m");
            await admin.Locator("#day-mon").CheckAsync();
            await admin.Locator("#from").FillAsync("09:00");
            await admin.Locator("#to").FillAsync("18:30");
            await admin.Locator("form.rule button.primary").ClickAsync();
            await Expect(admin.Locator(".message.failed")).ToContainTextAsync("'outside'");
            await LookAsync(admin, "rules-wrong", kind);
            await admin.Locator("#outsideTimeout").FillAsync("5m");
            await admin.Locator("form.rule button.primary").ClickAsync();
            await Expect(admin.GetByText($"a group of {width}", new() { Exact = true })).ToBeVisibleAsync();
            await LookAsync(admin, "rules", kind);
        }
    }

    /// <summary>The whole way, by the clock: the warning comes, nobody answers, and it sleeps.</summary>
    private static async Task NapsAsync(IPage page, TakenEngine napper)
    {
        await page.GotoAsync("/tokens");
        var warning = page.GetByRole(AriaRole.Region, new() { Name = "Quick look is about to fall asleep" });
        await Expect(warning).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page).ToHaveTitleAsync(new Regex(@"^\(0:0\d\) Tokens"));
        await napper.ReachesAsync("Asleep");
        await Expect(warning).ToHaveCountAsync(0);
        await Expect(page).ToHaveTitleAsync(new Regex("^Tokens"));
    }

    private async Task KeepAwakeAsync(IPage page, TakenEngine engine, string kind)
    {
        var warning = page.GetByRole(AriaRole.Region, new() { Name = "Concept art is about to fall asleep" });
        await WarnAsync(engine);
        await Expect(warning).ToBeVisibleAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync(new Regex("Concept art is about to fall asleep"));
        await Expect(page).ToHaveTitleAsync(new Regex(@"^\(\d:\d\d\) My engines"));
        await LookAsync(page, "warning", kind);
        await page.GotoAsync($"/engines/{engine.Id}");
        await Expect(warning).ToBeVisibleAsync();
        await LookAsync(page, "warning-engine", kind);
        (await page.TabThroughAsync()).ShouldContain("Keep awake for 1 hour");

        await warning.GetByRole(AriaRole.Button, new() { Name = "Keep awake for 1 hour" }).PressAsync("Enter");
        await Expect(page.GetByText("Concept art stays awake for 1 hour.")).ToBeVisibleAsync();
        await Expect(warning).ToHaveCountAsync(0);
        await Expect(page.GetByText("Awake because its owner wants it to be")).ToBeVisibleAsync();
        await LookAsync(page, "kept-awake", kind);
    }

    /// <summary>As the worker tells it; to wait for it by the clock would take half an hour.</summary>
    private async Task WarnAsync(TakenEngine engine)
    {
        await Eventually.TrueAsync("nobody keeps it awake", TimeSpan.FromSeconds(60), async () => await WhyAsync(engine) is { } why && why != "KeepAwake");
        var now = TimeProvider.System.GetUtcNow();
        await TellAsync(engine, $"'$.sleepsAt', '{now.AddSeconds(95):O}', '$.warnedAt', '{now:O}', '$.warning', '00:01:35', '$.ends', 'idle'");
    }

    private async Task TellAsync(TakenEngine engine, string set)
    {
        await Eventually.TrueAsync("the worker has told why it is awake", TimeSpan.FromSeconds(60), async () => await WhyAsync(engine) is not null);
        await using var database = Database.FromConnectionString(studio.Product.ConnectionString("database"), TimeProvider.System);
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE engines SET outlook = json_set(outlook, {set}) WHERE id = '{engine.Id}'";
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    private static async Task<string?> WhyAsync(TakenEngine engine) =>
        (await engine.Owner.CallAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}"))["outlook"]?["why"]?.GetValue<string>();

    private static async Task LookAsync(IPage page, string name, string kind)
    {
        await page.ShootAsync($"{name}-{kind}");
        await page.ShouldBeReadableAsync($"{name} {kind}");
    }
}
