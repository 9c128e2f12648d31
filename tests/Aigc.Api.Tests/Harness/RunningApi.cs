namespace Aigc.Api.Tests.Harness;

/// <summary>The API and an identity provider as processes, over SQLite files of their own.</summary>
public sealed class RunningApi : IAsyncLifetime
{
    public const string Key = "a gateway key of the tests";

    public const string Demo =
        """
        name: demo
        title: { en: Demo, zh: 演示 }
        description: An engine for tests.
        version: "1"
        local: { command: demo }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-api-");
    private RunningService? _identity;
    private RunningService? _api;
    private FakeWorker? _worker;

    public Uri Address => _api!.Address;

    public Uri Identity => _identity!.Address;

    public FakeWorker Worker => _worker!;

    public string Database => $"Data Source={Path.Combine(_folder.FullName, "database.db")}";

    public async Task InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync();
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "templates"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "templates", "demo.yaml"), Demo);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "templates", "broken.yaml"), "name: broken\nflavour: salty\n");
        _identity = await RunningService.StartAsync("Aigc.DevIdentity", new()
        {
            ["DevIdentity__ClientSecret"] = "a secret of the tests",
            ["DevIdentity__Users__0__Name"] = "manager",
            ["DevIdentity__Users__0__Groups__0"] = "art",
            ["DevIdentity__Users__0__Roles__0"] = "group-manager",
            ["DevIdentity__Users__1__Name"] = "leaver",
            ["DevIdentity__Users__1__Groups__0"] = "art",
            ["DevIdentity__Users__2__Name"] = "pia",
            ["DevIdentity__Users__2__Groups__0"] = "scarce",
        });
        _api = await StartAnotherAsync(new(Identity, "identity"));
    }

    public Visitor Visitor() => new(Address);

    public async Task<Visitor> SignInAsync(string name)
    {
        var visitor = Visitor();
        await visitor.SignInAsync(name);
        return visitor;
    }

    /// <summary>A service of the gateway, which knows the key.</summary>
    public HttpClient Proxy() => new() { BaseAddress = Address, DefaultRequestHeaders = { { "X-Gateway-Key", Key } } };

    /// <summary>A second API over the same files, such as one whose provider is away or whose tracker is another.</summary>
    public Task<RunningService> StartAnotherAsync(Uri authority, string? tracker = null, params (string Name, string Value)[] more)
    {
        var settings = Settings(authority);
        foreach (var (name, value) in more)
            settings[name] = value;
        if (tracker is not null)
            settings["ConnectionStrings__tracker"] = tracker;
        return RunningService.StartAsync("Aigc.Api", settings);
    }

    public async Task DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        if (_identity is not null)
            await _identity.DisposeAsync();
        if (_worker is not null)
            await _worker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Dictionary<string, string> Settings(Uri authority) => new()
    {
        ["Gateway__Key"] = Key,
        // Its people share one API for all tests.
        ["Limits__AwakePerPerson"] = "0",
        ["Gateway__PublicUrl"] = "http://localhost:8080",
        ["Studio__TimeZone"] = "UTC",
        ["Identity__Authority"] = authority.AbsoluteUri,
        ["Identity__ClientId"] = "aigc",
        ["Identity__ClientSecret"] = "a secret of the tests",
        ["services__worker__http__0"] = Worker.Address.AbsoluteUri,
        ["Templates__Folder"] = Path.Combine(_folder.FullName, "templates"),
        ["AIGC_DATA_DIR"] = _folder.FullName,
        ["ConnectionStrings__database"] = Database,
        ["ConnectionStrings__tracker"] = $"Data Source={Path.Combine(_folder.FullName, "tracker.db")}",
    };
}

[CollectionDefinition(Name)]
public sealed class SharedApi : ICollectionFixture<RunningApi>
{
    public const string Name = "api";
}
