using Aigc.Engines.Storage;

namespace Aigc.Browser.Tests;

/// <summary>What it cost, as an owner, a manager and an administrator see it: on a desk and in a hand, by day and by night.</summary>
[Collection(nameof(OneStudio))]
public sealed class CostPagesTests(Studio studio)
{
    [Fact]
    public async Task Everybody_reads_what_it_cost_as_far_as_it_is_theirs_and_administrators_enter_bills()
    {
        var days = await SeedAsync();
        foreach (var name in new[] { "heidi", "mona", "admin" })
        {
            await using var browser = await studio.BrowserAsync();
            var page = await browser.SignInAsync(name);
            await page.GetByRole(AriaRole.Link, new() { Name = "Costs", Exact = true }).ClickAsync();
            await page.ShowsHeadingAsync("Costs");
            await page.GotoAsync($"/costs?{days}");
            await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Cost over time", Exact = true })).ToBeVisibleAsync();
            var rows = await page.GetByRole(AriaRole.Table, new() { Name = name == "heidi" ? "By engine" : "By person", Exact = true }).Locator("tbody tr").CountAsync();
            // Others of these tests use engines, too: an administrator sees them all.
            rows.ShouldBeInRange(name switch { "heidi" => 1, "mona" => 2, _ => 6 }, name switch { "heidi" => 1, "mona" => 2, _ => 100 }, $"what {name} may see");
            foreach (var (width, height) in new[] { (1280, 995), (390, 844) })
            {
                await page.SetViewportSizeAsync(width, height);
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    await page.ShootAsync($"costs-{name}-{width}-{scheme}".ToLowerInvariant());
                    await page.ShouldBeReadableAsync($"costs {name} {width} {scheme}");
                }
            }
        }

        await EnterBillAsync(days);
    }

    private async Task EnterBillAsync(string days)
    {
        await using var browser = await studio.BrowserAsync(new() { ViewportSize = new() { Width = 390, Height = 844 }, Locale = "zh-CN" });
        var page = await browser.NewPageAsync();
        await page.GotoAsync("/login?login_hint=admin&returnUrl=/costs");
        await page.GotoAsync("/costs?language=zh");
        await page.GetByLabel("开始日期").Last.FillAsync("2026-01-01");
        await page.GetByLabel("结束日期").Last.FillAsync("2026-01-31");
        await page.GetByLabel("金额").FillAsync("4800.50");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("已录入 studio 的账单并完成分摊。")).ToBeVisibleAsync();
        await page.GotoAsync("/costs?from=2026-01-01&to=2026-01-31&by=pool");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "按资源池", Exact = true }).GetByText("$4,800.50").First).ToBeVisibleAsync();
        await page.ShootAsync("costs-bill-390-zh");
        await page.ShouldBeReadableAsync("bills");
        await page.GotoAsync($"/costs?{days}");
        await page.ShootAsync("costs-admin-390-zh");
        await page.GetByRole(AriaRole.Button, new() { Name = "撤回 studio 的账单" }).ClickAsync();
        await Expect(page.GetByText("账单已撤回，这些日期重新按价格计算。")).ToBeVisibleAsync();
    }

    /// <returns>The question for the days.</returns>
    private async Task<string> SeedAsync()
    {
        var people = new List<Artist>();
        foreach (var (name, group) in new[] { ("heidi", "storyboard"), ("mona", "storyboard"), ("grace", "art"), ("dave", "art"), ("erin", "art"), ("frank", "art") })
        {
            using var person = await studio.Product.Person(name).SignInAsync();
            people.Add(new((await person.CallAsync(HttpMethod.Get, "api/v1/me"))["id"]!.GetValue<string>(), group));
        }

        var today = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        await using var database = Database.FromConnectionString($"Data Source={Path.Combine(studio.Product.Data, "database.db")}", TimeProvider.System);
        await UsageMonth.SeedAsync(database, people, today.AddDays(-30), today);
        return $"from={today.AddDays(-30):yyyy-MM-dd}&to={today:yyyy-MM-dd}";
    }
}
