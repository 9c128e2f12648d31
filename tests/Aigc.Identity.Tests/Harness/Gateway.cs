namespace Aigc.Identity.Tests.Harness;

/// <summary>One or more APIs as processes over the same stores, with a provider of their own.</summary>
public sealed class Gateway : IAsyncDisposable
{
    public const string Key = "a gateway key of the tests";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-identity-");
    private readonly List<RunningService> _apis = [];
    private readonly int _port = FreePort.Next();

    /// <summary>The first one's, which the provider knows.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}/");

    /// <summary>More than the harness sets, for the next start.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public IReadOnlyList<RunningService> Apis => _apis;

    /// <summary>The API again and again, over the same stores.</summary>
    public async Task StartAsync(Uri authority, int replicas = 1)
    {
        while (_apis.Count < replicas)
            _apis.Add(await RunningService.StartAsync("Aigc.Api", All(authority), _apis.Count == 0 ? _port : null));
    }

    public async Task StopAsync()
    {
        foreach (var api in _apis)
            await api.DisposeAsync();
        _apis.Clear();
    }

    public Visitor Visitor(string? bearer = null) => new(Address) { Bearer = bearer };

    public async Task<Visitor> SignInAsync(string name)
    {
        var visitor = Visitor();
        await visitor.SignInAsync(name);
        return visitor;
    }

    /// <summary>A service of the gateway, which knows the key.</summary>
    public HttpClient Proxy(int replica = 0) => new() { BaseAddress = _apis[replica].Address, DefaultRequestHeaders = { { "X-Gateway-Key", Key } } };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private Dictionary<string, string> All(Uri authority)
    {
        var all = new Dictionary<string, string>
        {
            ["Gateway__Key"] = Key,
            ["Gateway__PublicUrl"] = "http://localhost:8080",
            ["Identity__Authority"] = authority.AbsoluteUri.TrimEnd('/'),
            ["Identity__ClientId"] = OpenIdProvider.ClientId,
            ["Identity__ClientSecret"] = OpenIdProvider.ClientSecret,
            ["AIGC_DATA_DIR"] = _folder.FullName,
            ["ConnectionStrings__database"] = $"Data Source={Path.Combine(_folder.FullName, "database.db")}",
            ["ConnectionStrings__tracker"] = $"Data Source={Path.Combine(_folder.FullName, "tracker.db")}",
        };
        foreach (var (name, value) in Settings)
            all[name] = value;
        return all;
    }
}
