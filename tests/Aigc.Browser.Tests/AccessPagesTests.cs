namespace Aigc.Browser.Tests;

/// <summary>The pages on which people let others in: on a desk and in a hand, by day and by night, with the keyboard alone.</summary>
[Collection(nameof(OneStudio))]
public sealed class AccessPagesTests(Studio studio)
{
    [Fact]
    public async Task Sharing_and_opening_for_a_limited_time_can_be_read_and_done_with_the_keyboard()
    {
        using var heidi = await studio.Product.Person("heidi").SignInAsync();
        using var mona = await studio.Product.Person("mona").SignInAsync();
        var engine = await heidi.TakeAsync("demo");
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");
        var details = $"/engines/{engine.Id}";

        foreach (var (width, height) in new[] { (1280, 995), (390, 844) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                var kind = $"{width}-{scheme}".ToLowerInvariant();
                await using var owners = await OpenAsync(width, height, scheme);
                await using var managers = await OpenAsync(width, height, scheme);
                await using var admins = await OpenAsync(width, height, scheme);
                var owner = await owners.SignInAsync("heidi");
                var manager = await managers.SignInAsync("mona");
                var admin = await admins.SignInAsync("admin");

                await owner.GotoAsync(details);
                await owner.GetByLabel("Share with", new() { Exact = true }).FillAsync("mona");
                await owner.Keyboard.PressAsync("Enter");
                await Expect(owner.GetByText("Shared with mona.")).ToBeVisibleAsync();

                await admin.GotoAsync(details);
                await LookAsync(admin, "open-for-me", kind);
                await admin.GetByLabel("Reason").FillAsync("The picture queue does not move, as she wrote to us this morning");
                await admin.Keyboard.PressAsync("Enter");
                await Expect(admin.GetByRole(AriaRole.Button, new() { Name = "End access" })).ToBeVisibleAsync();
                await LookAsync(admin, "opened", kind);

                // The open page is told without a reload; what it asks of the owner is reached with Tab.
                await Expect(owner.GetByText("admin can open this engine").First).ToBeVisibleAsync();
                await owner.ReloadAsync();
                await LookAsync(owner, "sharing", kind);
                (await owner.TabThroughAsync()).ShouldContain("End access");
                await owner.GotoAsync("/");
                await LookAsync(owner, "owners-notice", kind);

                await LookAsync(manager, "shared-with-me", kind, "/");
                await LookAsync(manager, "shared-engine", kind, details);
                await LookAsync(manager, "group", kind, "/group");
                await LookAsync(admin, "people", kind, "/people");
                var id = (await heidi.CallAsync(HttpMethod.Get, "api/v1/me"))["id"]!.GetValue<string>();
                await LookAsync(admin, "delete-person", kind, $"/people/delete?id={Uri.EscapeDataString(id)}");

                await owner.GotoAsync(details);
                await owner.GetByRole(AriaRole.Button, new() { Name = "End access" }).PressAsync("Enter");
                await Expect(owner.GetByText("Nobody but its owner can open")).ToBeVisibleAsync();
                await owner.GetByRole(AriaRole.Button, new() { Name = "Stop sharing: mona" }).PressAsync("Enter");
                await Expect(owner.GetByText("This engine is yours alone.")).ToBeVisibleAsync();
            }
        }
    }

    private Task<IBrowserContext> OpenAsync(int width, int height, ColorScheme scheme) =>
        studio.BrowserAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });

    private static async Task LookAsync(IPage page, string name, string kind, string? path = null)
    {
        if (path is not null)
            await page.GotoAsync(path);
        await page.ShootAsync($"{name}-{kind}");
        await page.ShouldBeReadableAsync($"{name} {kind}");
    }
}
