namespace Aigc.Browser.Tests;

/// <summary>Pictures of pages, when <c>AIGC_SHOTS</c> names a folder for them.</summary>
internal static class Shots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("AIGC_SHOTS");

    public static async Task ShootAsync(this IPage page, string name, bool fullPage = true)
    {
        if (Folder is not { Length: > 0 })
            return;
        Directory.CreateDirectory(Folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png"), FullPage = fullPage, Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>What the product printed meanwhile, beside the pictures.</summary>
    public static async Task KeepLogAsync(string log)
    {
        if (Folder is not { Length: > 0 })
            return;
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "product.log"), log);
    }
}
