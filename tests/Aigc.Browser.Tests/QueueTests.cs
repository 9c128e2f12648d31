using System.Text.Json.Nodes;

namespace Aigc.Browser.Tests;

/// <summary>Scarce cards as people see them: the queue, a pool with room, a quota, and the pages where administrators enter all that.</summary>
[Collection(nameof(OneStudio))]
public sealed class QueueTests(Studio studio)
{
    /// <summary>Its resource is nobody else's: the other tests' engines know nothing of pools.</summary>
    private const string Brush = """
        name: brush
        title: Brush
        description: Paints on a card of its own.
        icon: "🖼️"
        version: "1"
        local:
          command: dotnet
          arguments: ["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "--data", "{data}"]
          environment: { Demo__StartupDelay: "00:00:00", Demo__LoadingDelay: "00:00:00" }
          resources: { studio.example/card: 1 }
        readiness: { path: / }
        """;

    [Fact]
    public async Task Who_waits_sees_the_place_and_goes_elsewhere_or_waits_no_more()
    {
        using var boss = await studio.Product.Person("admin").SignInAsync();
        using var ivy = await studio.Product.Person("ivy").SignInAsync();
        await boss.OfferAsync("brush", Brush);
        await PutAsync(boss, "pools/on-premises", new { resource = "studio.example/card", capacity = 1, title = "Studio A100" });
        await PutAsync(boss, "pools/cloud-a100", new { resource = "studio.example/card", capacity = 1, onRequest = true, spot = true, unitsPerGpu = 1, startsAtOnce = 2 });
        await boss.CallAsync(HttpMethod.Post, "api/v1/pools/cloud-a100/prices", new { perGpuHour = 2.75 });
        await PutAsync(boss, "rules/quota/group/art", new { gpus = 4, moneyPerMonth = 1200 });
        var (first, second, third) = (await ivy.TakeAsync("brush"), await ivy.TakeAsync("brush"), await ivy.TakeAsync("brush"));
        await first.AskAsync("wake");
        await first.ReachesAsync("Ready");
        await PutAsync(boss, "rules/quota/person/" + Uri.EscapeDataString(await IdAsync(ivy)), new { awake = 3 });
        await second.AskAsync("wake");
        await third.AskAsync("wake");
        await third.ReachesAsync("Queued");

        foreach (var (width, height) in new[] { (1280, 995), (390, 844) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                var kind = $"{width}-{scheme}".ToLowerInvariant();
                await using var owners = await studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
                await using var admins = await studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
                var owner = await owners.SignInAsync("ivy");
                await Expect(owner.GetByText("number 2 in the queue; on-premises is full").First).ToBeVisibleAsync();
                await Expect(owner.GetByText("You have 3 of 3 engines awake.")).ToBeVisibleAsync();
                await LookAsync(owner, "queue-cards", kind);
                await owner.GotoAsync(third.Url.AbsoluteUri);
                await Expect(owner.GetByText("number 2 in the queue; on-premises is full")).ToBeVisibleAsync();
                await Expect(owner.GetByRole(AriaRole.Button, new() { Name = "Start in cloud-a100 instead" })).ToBeVisibleAsync();
                await LookAsync(owner, "queue-waiting", kind);
                var admin = await admins.SignInAsync("admin");
                await admin.GotoAsync("/pools");
                await LookAsync(admin, "pools", kind);
                await admin.GetByText("Change", new() { Exact = true }).First.ClickAsync();
                await LookAsync(admin, "pools-change", kind);
                (await admin.TabThroughAsync()).ShouldContain("price");
            }
        }

        await using var browser = await studio.BrowserAsync();
        var page = await browser.SignInAsync("ivy");
        await page.GotoAsync(third.Url.AbsoluteUri);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).PressAsync("Enter");
        await Expect(page.GetByText("waits no more")).ToBeVisibleAsync();
        await third.ReachesAsync("Asleep");

        await page.GotoAsync(second.Url.AbsoluteUri);
        await Expect(page.GetByText("number 1 in the queue")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start in cloud-a100 instead" }).PressAsync("Enter");
        await page.ShowsHeadingAsync("Demo engine");
        await page.GotoAsync($"{studio.Product.Dashboard}engines/{second.Id}");
        await Expect(page.GetByText("cloud-a100, because its owner asked for it").First).ToBeVisibleAsync();
        await LookAsync(page, "pool-details", "1280-light");

        // The studio is everybody's.
        await boss.CallAsync(HttpMethod.Delete, "api/v1/rules/quota/group/art");
        await boss.CallAsync(HttpMethod.Delete, "api/v1/templates/brush");
        foreach (var engine in new[] { first, second, third })
            await boss.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}");
        foreach (var pool in (string[])["on-premises", "cloud-a100"])
            await boss.CallAsync(HttpMethod.Delete, $"api/v1/pools/{pool}");
    }

    [Fact]
    public async Task An_administrator_enters_a_pool_a_price_and_a_quota_with_forms()
    {
        await using var browser = await studio.BrowserAsync();
        var page = await browser.SignInAsync("admin");
        await page.GotoAsync("/pools");
        if (await page.GetByLabel("Name").IsHiddenAsync())
            await page.GetByText("Enter a pool").ClickAsync();
        await page.GetByLabel("Name").FillAsync("spare");
        await page.GetByRole(AriaRole.Group).Filter(new() { Has = page.GetByLabel("Name") }).GetByLabel("Capacity, in units of the resource").FillAsync("6");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add pool" }).ClickAsync();
        await Expect(page.GetByText("spare is saved.")).ToBeVisibleAsync();
        var spare = page.Locator("#pool-spare");
        await spare.GetByText("Change", new() { Exact = true }).ClickAsync();
        await spare.GetByLabel("New price of a GPU-hour").FillAsync("1.25");
        await spare.GetByRole(AriaRole.Button, new() { Name = "Add price" }).ClickAsync();
        await Expect(page.GetByText("1.25 USD a GPU-hour")).ToBeVisibleAsync();
        await page.GetByText("Set a quota").ClickAsync();
        await page.GetByLabel("Group or person").First.FillAsync("nobody-s-group");
        await page.Locator("#quota-scope").SelectOptionAsync("group");
        await page.GetByLabel("GPU-hours a month").FillAsync("12.5");
        await page.Locator("form[action='/pools/quotas']").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("GPU-hours a month: 12.5")).ToBeVisibleAsync();
        await spare.GetByText("Change", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove spare" }).ClickAsync();
        await Expect(page.GetByText("spare is removed.")).ToBeVisibleAsync();
        await Expect(spare).ToHaveCountAsync(0);
    }

    private static Task<JsonNode> PutAsync(Person person, string path, object body) => person.CallAsync(HttpMethod.Put, $"api/v1/{path}", body);

    private static async Task<string> IdAsync(Person person) => (await person.CallAsync(HttpMethod.Get, "api/v1/me"))["id"]!.GetValue<string>();

    private static async Task LookAsync(IPage page, string name, string kind)
    {
        await page.ShootAsync($"{name}-{kind}");
        await page.ShouldBeReadableAsync($"{name} {kind}");
    }
}
