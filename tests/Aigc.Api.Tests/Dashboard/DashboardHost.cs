using Aigc.Api.Tests.Harness;
using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Api.Tests.Dashboard;

/// <summary>The API as a process, over a database that the tests write states and sign-ins into, and a worker that only keeps disks.</summary>
public sealed class DashboardHost : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-dashboard-");
    private Database? _database;
    private Term? _term;
    private RunningService? _api;

    public DiskWorker Worker { get; } = new();

    public async Task InitializeAsync()
    {
        await Worker.StartAsync();
        var connection = $"Data Source={Path.Combine(_folder.FullName, "database.db")}";
        _database = Database.FromConnectionString(connection, TimeProvider.System);
        await _database.MigrateAsync(CancellationToken.None);
        await new TemplateStore(_database, TimeProvider.System).SaveAsync(
            new Template { Name = "demo", Title = new("Demo <b>engine</b>", "演示引擎"), Description = new("Paints.", "绘图。"), Version = "1" }, "", Actor.Gateway, CancellationToken.None);
        _api = await RunningService.StartAsync("Aigc.Api", new()
        {
            ["Gateway__Key"] = "a gateway key of the tests",
            ["Identity__Authority"] = "http://127.0.0.1:9",
            ["Identity__ClientId"] = "aigc",
            ["Identity__ClientSecret"] = "a secret of the tests",
            ["AIGC_DATA_DIR"] = _folder.FullName,
            ["ConnectionStrings__database"] = connection,
            ["ConnectionStrings__tracker"] = $"Data Source={Path.Combine(_folder.FullName, "tracker.db")}",
            ["services__worker__http__0"] = Worker.Address.AbsoluteUri,
        });
    }

    public Browser Browser(string? language = null) => new(_api!.Address, language);

    /// <summary>A browser of a new person, so that tests do not see each other's engines.</summary>
    public async Task<Browser> SignInAsync(string name = "Alice", bool admin = false, string? language = null, string userName = "alice", Role role = Role.User)
    {
        role = admin ? Role.Admin : role;
        var user = Guid.NewGuid().ToString("N");
        var cookie = user.PadRight(43, '0');
        var person = new Person(new(user), userName, name, null, new("studio"), role);
        await new PeopleStore(_database!, TimeProvider.System).SaveAsync(person, CancellationToken.None);
        await new SignInStore(_database!, TimeProvider.System).SaveAsync(
            new SignIn
            {
                Key = SignInKey.Of(cookie),
                Kind = SignInKind.Dashboard,
                User = person.Id,
                UserName = person.UserName,
                Name = name,
                Group = person.Group,
                Role = role,
                ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
            },
            access: null, CancellationToken.None);
        return new(_api!.Address, language, cookie) { User = person.Id };
    }

    /// <summary>Takes an engine through the dashboard's own button.</summary>
    public async Task<Engine> TakeAsync(Browser browser)
    {
        await browser.SubmitAsync("/", "/engines", ("template", "demo"));
        return (await new EngineStore(_database!, TimeProvider.System).ListAsync(browser.User, CancellationToken.None))[^1];
    }

    public Task<Engine?> FindAsync(EngineId id) => new EngineStore(_database!, TimeProvider.System).FindAsync(id, CancellationToken.None);

    public async Task ObserveAsync(EngineId id, EngineState state, Reason reason)
    {
        _term ??= await new LeaderLease(_database!, "test").TakeAsync(null, CancellationToken.None);
        await new ObservedStore(_database!, TimeProvider.System).WriteAsync(id, new(state, reason, 1), _term!.Value, CancellationToken.None);
    }

    /// <summary>Ready, and awake for this reason.</summary>
    public async Task LookAsync(EngineId id, Outlook outlook)
    {
        await new EngineStore(_database!, TimeProvider.System).WakeAsync(id, new(Reasons.Visit), retry: false, Actor.Gateway, CancellationToken.None);
        await ObserveAsync(id, EngineState.Ready, new(Reasons.Ready));
        await new OutlookStore(_database!).WriteAsync([new(id, outlook)], _term!.Value, CancellationToken.None);
    }

    public Task<IReadOnlyList<EngineEvent>> EventsAsync(EngineId id) => new EventLog(_database!).ReadAsync(id, 0, 100, CancellationToken.None);

    public async Task DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await Worker.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class SharedDashboard : ICollectionFixture<DashboardHost>
{
    public const string Name = "dashboard";
}
