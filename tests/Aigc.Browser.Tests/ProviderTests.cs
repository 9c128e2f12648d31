namespace Aigc.Browser.Tests;

/// <summary>The main job, and what people are, when a provider of the company's own signs them in.</summary>
[Collection(nameof(OneProviderStudio))]
public sealed class ProviderTests(ProviderStudio studio) : MainJobContract(studio)
{
    private readonly ProviderStudio _studio = studio;

    [Fact]
    public async Task Group_and_role_are_what_the_providers_claims_say()
    {
        await using var monasBrowser = await _studio.BrowserAsync();
        await using var bobsBrowser = await _studio.BrowserAsync();
        await using var adminsBrowser = await _studio.BrowserAsync();
        using var alice = await _studio.Product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("demo");
        try
        {
            var mona = await monasBrowser.SignInAsync("mona");
            await mona.GetByRole(AriaRole.Link, new() { Name = "Group", Exact = true }).ClickAsync();
            await mona.ShowsHeadingAsync("Engines of “studio/paint”");
            await Expect(mona.Locator($"a[href='/engines/{engine.Id}']").First).ToBeVisibleAsync();
            (await mona.GotoAsync("/admin"))!.Status.ShouldBe(403, "the group's manager is no administrator");

            var bob = await bobsBrowser.SignInAsync("bob");
            await Expect(bob.GetByRole(AriaRole.Link, new() { Name = "Group", Exact = true })).ToHaveCountAsync(0);
            (await bob.GotoAsync($"/engines/{engine.Id}"))!.Status.ShouldBe(404, "another group's engine is not there for him");

            var admin = await adminsBrowser.SignInAsync("admin");
            (await admin.GotoAsync("/admin"))!.Status.ShouldBe(200);
            await Expect(admin.Locator($"a[href='/engines/{engine.Id}']").First).ToBeVisibleAsync();
        }
        finally
        {
            await engine.AskAsync("sleep");
        }
    }

    [Fact]
    public async Task Signing_out_ends_it_at_the_provider_too()
    {
        await using var browser = await _studio.BrowserAsync();
        var page = await browser.SignInAsync("bob");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.ShowsHeadingAsync("Sign in");
        new Uri(page.Url).Port.ShouldNotBe(_studio.Product.Port, "the provider asks anew who it is");
    }
}
