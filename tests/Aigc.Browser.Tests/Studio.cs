namespace Aigc.Browser.Tests;

/// <summary>The product and one Chromium for all tests of the collection; each test brings its own people and engines.</summary>
public class Studio : IAsyncLifetime
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
    private static readonly string[] People = ["dave", "erin", "frank", "grace", "heidi", "mona", "ivan", "ivy"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Product Product { get; } = new();

    protected virtual IReadOnlyList<(string Name, string Yaml)> Offered => Offers.Local;

    public async Task InitializeAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("AIGC_CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(chromium))
            throw new FileNotFoundException($"These tests drive a real browser, and {chromium} is missing. Install the package chromium, or set AIGC_CHROMIUM.", chromium);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
        SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        await HirePeopleAsync();
        Product.Environment["Studio__TimeZone"] = "Europe/Berlin";
        Product.Environment["Studio__PreWakeGpuHours"] = "20";
        await PrepareAsync();
        await Product.StartAsync();
        using var admin = await Product.Person("admin").SignInAsync();
        foreach (var (name, yaml) in Offered)
            await admin.OfferAsync(name, yaml);
    }

    public virtual async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Shots.KeepLogAsync(Product.Log);
        await Product.DisposeAsync();
    }

    /// <summary>Tells the provider who there is, before the product starts.</summary>
    protected virtual Task HirePeopleAsync()
    {
        foreach (var (index, name) in People.Index())
            Product.Environment[$"DevIdentity__Users__{index}__Name"] = name;
        foreach (var index in new[] { Array.IndexOf(People, "heidi"), Array.IndexOf(People, "mona") })
            Product.Environment[$"DevIdentity__Users__{index}__Groups__0"] = "storyboard";
        Product.Environment[$"DevIdentity__Users__{Array.IndexOf(People, "mona")}__Roles__0"] = "group-manager";
        return Task.CompletedTask;
    }

    /// <summary>What else has to be there before the product starts.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Whether anything of the engine runs, anywhere.</summary>
    public virtual Task<bool> HasComputeAsync(string engine) => Task.FromResult(Processes.Find(Product.Data, engine).Count > 0);

    /// <summary>How many pictures there are on the engine's disk. To ask does not count as using it.</summary>
    public virtual async Task<int> PicturesAsync(TakenEngine engine)
    {
        var files = await engine.Owner.CallAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}/files?path=outputs");
        return files["entries"]!.AsArray().Count(entry => entry!["name"]!.GetValue<string>().EndsWith(".png", StringComparison.Ordinal));
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
