namespace Aigc.Browser.Tests;

/// <summary>The product and one Chromium for all tests of the collection; each test brings its own people and engines.</summary>
public sealed class Studio : IAsyncLifetime
{
    /// <summary>Long enough for a slow machine with two cores that does something else besides.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Nothing that Chromium does by itself: no first-run page, no updates, no traffic of its own.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Beside alice, bob, carol and admin: a test that counts cards has a person to itself.</summary>
    private static readonly string[] People = ["dave", "erin", "frank", "grace", "heidi", "mona"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Product Product { get; } = new();

    public async Task InitializeAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("AIGC_CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(chromium))
            throw new FileNotFoundException($"These tests drive a real browser, and {chromium} is missing. Install the package chromium, or set AIGC_CHROMIUM.", chromium);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
        SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        foreach (var (index, name) in People.Index())
            Product.Environment[$"DevIdentity__Users__{index}__Name"] = name;
        foreach (var index in new[] { Array.IndexOf(People, "heidi"), Array.IndexOf(People, "mona") })
            Product.Environment[$"DevIdentity__Users__{index}__Groups__0"] = "storyboard";
        Product.Environment[$"DevIdentity__Users__{Array.IndexOf(People, "mona")}__Roles__0"] = "group-manager";
        await Product.StartAsync();
        using var admin = await Product.Person("admin").SignInAsync();
        foreach (var (name, yaml) in Offers.All)
            await admin.OfferAsync(name, yaml);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Shots.KeepLogAsync(Product.Log);
        await Product.DisposeAsync();
    }

    /// <summary>A browser of somebody's own: no cookie is shared with anybody else's.</summary>
    public async Task<IBrowserContext> BrowserAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = Product.Dashboard.AbsoluteUri;
        options.Locale ??= "en-GB";
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return context;
    }
}

[CollectionDefinition(nameof(OneStudio))]
public sealed class OneStudio : ICollectionFixture<Studio>;
