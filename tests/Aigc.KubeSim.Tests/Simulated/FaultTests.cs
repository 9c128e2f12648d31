using System.Net;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Access;
using Aigc.Worker.Kubernetes.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.KubeSim.Tests.Simulated;

/// <summary>What a real server can't do on demand, seen by the worker's own client.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly ResourceKind Secret = ResourceKind.Secret;

    private SimulatedCluster _sim = null!;
    private KubernetesClient _client = null!;

    public async Task InitializeAsync()
    {
        _sim = await SimulatedCluster.StartAsync();
        _client = Client(null);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sim.DisposeAsync();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task The_client_asks_again_when_the_server_is_busy(int status)
    {
        _sim.Faults.Answer(status, times: 2, verb: "create", retryAfter: status == 429 ? TimeSpan.FromSeconds(1) : null);
        await _client.CreateAsync(Secret, Named("one"), CancellationToken.None);
        (await _client.FindAsync(Secret, "one", CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_refusal_names_user_verb_and_resource()
    {
        _sim.Users.Set("narrow", "worker", new Rule("default", [""], ["secrets"], ["get"]));
        using var narrow = Client("narrow");
        (await narrow.FindAsync(Secret, "none", CancellationToken.None)).ShouldBeNull();

        var refused = await Should.ThrowAsync<KubernetesException>(() => narrow.ListAsync(Secret, null, CancellationToken.None));
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Message.ShouldStartWith("secrets is forbidden: User \"worker\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\"");
        _sim.Users.Seen.Keys.Where(seen => seen.User == "worker").ShouldBe([new("worker", "get", "", "secrets", "default")]);

        _sim.Users.Remove("narrow");
        (await Should.ThrowAsync<KubernetesException>(() => narrow.ListAsync(Secret, null, CancellationToken.None))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_apply_that_makes_something_needs_the_right_to_create()
    {
        _sim.Users.Set("patcher", "worker", new Rule("default", [""], ["secrets"], ["patch"]));
        using var patcher = Client("patcher");
        var refused = await Should.ThrowAsync<KubernetesException>(() => patcher.ApplyAsync(Secret, Named("new"), force: true, CancellationToken.None));
        refused.Message.ShouldStartWith("secrets \"new\" is forbidden: ");
        await _client.CreateAsync(Secret, Named("new"), CancellationToken.None);
        await patcher.ApplyAsync(Secret, Named("new"), force: true, CancellationToken.None);
    }

    [Fact]
    public async Task A_list_is_of_one_moment_across_its_pages()
    {
        for (var index = 0; index < 5; index++)
            await _client.CreateAsync(Secret, Named($"s{index}"), CancellationToken.None);
        using var http = Http();
        var first = await PageAsync(http, "limit=2");
        await _client.CreateAsync(Secret, Named("s1-new"), CancellationToken.None);
        var second = await PageAsync(http, $"limit=9&continue={(string?)first["metadata"]!["continue"]}");
        first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(one => (string?)one!["metadata"]!["name"]).ShouldBe(["s0", "s1", "s2", "s3", "s4"]);
        ((string?)second["metadata"]!["resourceVersion"]).ShouldBe((string?)first["metadata"]!["resourceVersion"]);

        _sim.ForgetVersions();
        await _client.CreateAsync(Secret, Named("s9"), CancellationToken.None);
        var expired = await PageAsync(http, $"limit=9&continue={(string?)first["metadata"]!["continue"]}");
        ((int?)expired["code"]).ShouldBe(410);
        var rest = await PageAsync(http, $"continue={(string?)expired["metadata"]!["continue"]}");
        rest["items"]!.AsArray().Select(one => (string?)one!["metadata"]!["name"]).ShouldBe(["s1-new", "s2", "s3", "s4", "s9"]);
    }

    [Fact]
    public async Task A_watch_goes_on_after_a_break_and_lists_again_after_a_gap()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await using var watch = _client.WatchAsync(Secret, null, bound.Token).GetAsyncEnumerator(bound.Token);
        (await NextAsync(watch)).ShouldBeOfType<WatchEvent.Listed>().List.Items.ShouldBeEmpty();

        await _client.CreateAsync(Secret, Named("one"), bound.Token);
        ((string?)(await NextAsync(watch)).ShouldBeOfType<WatchEvent.Changed>().Item["metadata"]!["name"]).ShouldBe("one");

        _sim.Faults.DropConnections();
        var next = NextAsync(watch);
        await _client.CreateAsync(Secret, Named("two"), bound.Token);
        ((string?)(await next).ShouldBeOfType<WatchEvent.Changed>().Item["metadata"]!["name"]).ShouldBe("two");

        _sim.Faults.Answer(503, times: 1, verb: "watch");
        _sim.Faults.DropConnections();
        await _client.DeleteAsync(Secret, "one", (string)(await _client.FindAsync(Secret, "one", bound.Token))!["metadata"]!["uid"]!, null, bound.Token);
        _sim.ForgetVersions();
        await _client.CreateAsync(Secret, Named("three"), bound.Token);
        (await NextAsync(watch)).ShouldBeOfType<WatchEvent.Listed>().List.Items.Select(one => (string?)one["metadata"]!["name"]).ShouldBe(["three", "two"]);
    }

    [Fact]
    public async Task Bookmarks_come_each_minute()
    {
        using var http = Http();
        using var answer = await http.GetAsync(new Uri("api/v1/namespaces/default/secrets?watch=true&allowWatchBookmarks=true&resourceVersion=0", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await _client.CreateAsync(Secret, Named("one"), CancellationToken.None);
        ((string?)JsonNode.Parse((await lines.ReadLineAsync())!)!["type"]).ShouldBe("ADDED");
        _sim.Clock.Advance(TimeSpan.FromMinutes(1));
        var bookmark = JsonNode.Parse((await lines.ReadLineAsync())!)!;
        ((string?)bookmark["type"]).ShouldBe("BOOKMARK");
        long.Parse((string)bookmark["object"]!["metadata"]!["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_server_that_is_away_answers_nobody_until_it_is_back()
    {
        _sim.Faults.IsAway = true;
        await Should.ThrowAsync<HttpRequestException>(() => _client.ListAsync(Secret, null, CancellationToken.None));
        _sim.Faults.IsAway = false;
        (await _client.ListAsync(Secret, null, CancellationToken.None)).Items.ShouldBeEmpty();
    }

    private static async Task<WatchEvent> NextAsync(IAsyncEnumerator<WatchEvent> watch)
    {
        (await watch.MoveNextAsync()).ShouldBeTrue();
        return watch.Current;
    }

    private static JsonObject Named(string name) => new() { ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = name } };

    private static async Task<JsonNode> PageAsync(HttpClient http, string query) =>
        JsonNode.Parse(await (await http.GetAsync(new Uri($"api/v1/namespaces/default/secrets?{query}", UriKind.Relative))).Content.ReadAsStringAsync())!;

    private KubernetesClient Client(string? token) => new(
        KubeConfig.Read(_sim.WriteKubeConfig("default", token), null, TimeProvider.System), "aigc", new RequestBudget(100, 100, TimeProvider.System), TimeProvider.System, NullLogger<KubernetesClient>.Instance);

    private HttpClient Http() => new(ClusterHttp.Create(KubeConfig.Read(_sim.WriteKubeConfig("default"), null, TimeProvider.System)))
    {
        BaseAddress = _sim.Server,
        DefaultRequestHeaders = { Authorization = new("Bearer", _sim.AdminToken) },
    };
}
