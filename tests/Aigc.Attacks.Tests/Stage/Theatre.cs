using Aigc.Testing;

namespace Aigc.Attacks.Tests.Stage;

/// <summary>
/// One product for all attacks: Alice, who has what others want; Bob, a hostile owner with an engine that does what he likes;
/// and whoever comes in from the street.
/// </summary>
public sealed class Theatre : IAsyncLifetime
{
    private World _world = null!;

    public Product Product { get; } = new();

    public Cast Alice { get; private set; } = null!;

    public Cast Bob { get; private set; } = null!;

    public Cast Admin { get; private set; } = null!;

    /// <summary>Alice's, asleep for the whole play, with a file on its disk.</summary>
    public TakenEngine Sleeper { get; private set; } = null!;

    /// <summary>Alice's, awake.</summary>
    public TakenEngine Awake { get; private set; } = null!;

    /// <summary>Bob's, awake.</summary>
    public TakenEngine Hostile { get; private set; } = null!;

    /// <summary>The id of a disk that an engine of Alice's left.</summary>
    public string KeptDisk { get; private set; } = null!;

    /// <summary>What the services trust each other by; an attacker who had learned it.</summary>
    public string GatewayKey { get; private set; } = null!;

    /// <summary>Where Alice's secret file is; what it holds must not appear anywhere else.</summary>
    public string SecretPath => Path.Combine(_world.DiskOf(Sleeper), "secret.txt");

    public const string Secret = "the-weights-of-alice";

    public async Task InitializeAsync()
    {
        // All attackers share one address and one minute; whether limits hold is tested where they are.
        foreach (var limit in new[] { "SignInsPerAddress", "FailuresPerAddress", "CallsPerPerson", "CallsPerAddress", "WakesPerPerson", "WakesPerAddress" })
            Product.Environment[$"Limits__{limit}"] = "0";
        await Product.StartAsync();
        GatewayKey = Processes.EnvironmentOf(Product.Pids("Aigc.Worker")[0], "Gateway__Key")!;
        (Alice, Bob, Admin) = (await Cast.OfAsync(Product, "alice"), await Cast.OfAsync(Product, "bob"), await Cast.OfAsync(Product, "admin"));
        await Admin.Person.OfferAsync("hostile", Template("hostile"));

        (Sleeper, Awake, Hostile) = (await Alice.Person.TakeAsync("hostile"), await Alice.Person.TakeAsync("hostile"), await Bob.Person.TakeAsync("hostile"));
        await PutSecretAsync(Sleeper);
        await WakeAsync(Awake);
        await WakeAsync(Hostile);
        KeptDisk = await LeaveDiskAsync();
        _world = new(Product);
    }

    /// <summary>Runs an attack, and proves that it woke and changed nothing and that no engine heard of it but the one it is meant for.</summary>
    /// <param name="reaching">The attacker's own engine, when the attack goes through it.</param>
    public async Task<T> UnchangedAsync<T>(Func<Task<T>> attack, TakenEngine? reaching = null)
    {
        var (before, heard) = (await LookAsync(), Heard(reaching));
        var result = await attack();
        var after = await LookAsync();
        before.Except(after).Select(gone => $"gone: {gone}").Concat(after.Except(before).Select(come => $"new: {come}")).ShouldBeEmpty();
        Heard(reaching).ShouldBe(heard);
        return result;
    }

    public Task UnchangedAsync(Func<Task> attack, TakenEngine? reaching = null) => UnchangedAsync(
        async () =>
        {
            await attack();
            return true;
        }, reaching);

    /// <summary>One request, of whatever form, that changes nothing.</summary>
    public Task<RawAnswer> TryAsync(string method, string host, string target, params string[] headers) =>
        UnchangedAsync(() => SendAsync(method, host, target, headers));

    public Task<RawAnswer> SendAsync(string method, string host, string target, string[] headers, string? body = null) =>
        Raw.SendAsync(Product.Port, method, host, target, headers, body);

    /// <summary>As a browser names the dashboard.</summary>
    public string Dashboard => $"localhost:{Product.Port}";

    public IReadOnlyList<string> ReceivedBy(TakenEngine engine) => _world.ReceivedBy(engine);

    public string DiskOf(TakenEngine engine) => _world.DiskOf(engine);

    public Task<IReadOnlyDictionary<string, string>> LookAsync() => _world.LookAsync();

    /// <summary>An engine of the person's that is ready, and whose owner's sign-in may end.</summary>
    public static async Task<TakenEngine> WakeAsync(TakenEngine engine)
    {
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");
        return engine;
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        foreach (var cast in new[] { Alice, Bob, Admin })
            cast.Person.Dispose();
        await Product.DisposeAsync();
    }

    private List<string> Heard(TakenEngine? reaching) =>
        [.. new[] { Sleeper, Awake, Hostile }.Where(engine => engine != reaching).SelectMany(_world.ReceivedBy)];

    private static async Task PutSecretAsync(TakenEngine engine)
    {
        using var content = new StringContent(Secret);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"api/v1/engines/{engine.Id}/files/content?path=secret.txt") { Content = content };
        request.Headers.Add("X-XSRF-TOKEN", engine.Owner.Antiforgery);
        using var answer = await engine.Owner.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<string> LeaveDiskAsync()
    {
        var engine = await Alice.Person.TakeAsync("hostile");
        await PutSecretAsync(engine);
        await Alice.Person.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}?disk=keep");
        await Eventually.TrueAsync("the disk is kept", TimeSpan.FromSeconds(20), async () =>
            (await Alice.Person.CallAsync(HttpMethod.Get, "api/v1/disks")).AsArray().Any(disk => disk!["id"]!.GetValue<string>() == engine.Id));
        return engine.Id;
    }

    private static string Template(string name) =>
        $$"""
        name: {{name}}
        title: Hostile
        description: A program that nobody should trust.
        version: "1"
        local:
          command: dotnet
          arguments: ["{{Repository.ProgramOf("Aigc.Attacks.Tests", "tests")}}", "{port}", "{data}"]
        readiness: { path: /healthz }
        idleTimeout: 5h
        stopTimeout: 1s
        """;
}

[CollectionDefinition(nameof(OneTheatre))]
public sealed class OneTheatre : ICollectionFixture<Theatre>;
