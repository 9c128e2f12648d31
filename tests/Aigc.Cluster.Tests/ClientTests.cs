using System.Net;
using System.Text.Json.Nodes;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>The client says what it means to a real API server, and passes on what that one says.</summary>
[Collection(ClusterTests.Name)]
public sealed class ClientTests(TestCluster cluster)
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task What_was_applied_is_found_changed_and_deleted()
    {
        var name = $"applied-{Guid.NewGuid():N}"[..20];
        (await cluster.Client.FindAsync(ResourceKind.Secret, name, None)).ShouldBeNull();
        var made = await cluster.Client.ApplyAsync(ResourceKind.Secret, Secret(name, ("one", "MQ=="), ("two", "Mg==")), force: false, None);
        // What is applied no more is gone.
        var fewer = await cluster.Client.ApplyAsync(ResourceKind.Secret, Secret(name, ("one", "MQ==")), force: false, None);
        fewer.At("data").Text("two").ShouldBeNull();
        var merged = await cluster.Client.MergeAsync(ResourceKind.Secret, name, new() { ["data"] = new JsonObject { ["three"] = "Mw==" } }, None);
        merged.At("data").Text("three").ShouldBe("Mw==");

        (await cluster.Client.DeleteAsync(ResourceKind.Secret, name, "11111111-1111-1111-1111-111111111111", null, None)).ShouldBeFalse("another of the same name");
        (await cluster.Client.DeleteAsync(ResourceKind.Secret, name, made.At("metadata").Text("uid")!, null, None)).ShouldBeTrue();
        (await cluster.Client.FindAsync(ResourceKind.Secret, name, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_to_what_is_not_as_it_was_seen_is_a_conflict()
    {
        var name = $"seen-{Guid.NewGuid():N}"[..20];
        var first = await cluster.Client.ApplyAsync(ResourceKind.Secret, Secret(name, ("one", "MQ==")), force: true, None);
        await cluster.Client.MergeAsync(ResourceKind.Secret, name, new() { ["data"] = new JsonObject { ["two"] = "Mg==" } }, None);
        var late = Secret(name, ("one", "Mw=="));
        late["metadata"]!["resourceVersion"] = first.At("metadata").Text("resourceVersion");
        (await Should.ThrowAsync<KubernetesException>(cluster.Client.ApplyAsync(ResourceKind.Secret, late, force: true, None))).IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task A_list_of_many_pages_is_whole()
    {
        var names = Enumerable.Range(0, 520).Select(index => $"many-{index}").ToList();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (name, token) =>
            await cluster.Client.CreateAsync(ResourceKind.Secret, Secret(name, ("one", "MQ==")), token));
        var list = await cluster.Client.ListAsync(ResourceKind.Secret, "test=many", None);
        list.Items.Select(item => item.At("metadata").Text("name")).ShouldBe(names, ignoreOrder: true);
        list.ResourceVersion.ShouldNotBeEmpty();
        await cluster.SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{cluster.Namespace}/secrets?labelSelector=test%3Dmany", null);
    }

    [Fact]
    public async Task A_watch_tells_what_is_there_and_what_changes()
    {
        var name = $"watched-{Guid.NewGuid():N}"[..20];
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var watch = cluster.Client.WatchAsync(ResourceKind.Secret, "test=watched", bound.Token).GetAsyncEnumerator(bound.Token);
        (await watch.MoveNextAsync()).ShouldBeTrue();
        watch.Current.ShouldBeOfType<WatchEvent.Listed>();
        var made = await cluster.Client.CreateAsync(ResourceKind.Secret, Secret(name, ("one", "MQ==")), None);
        await NextAsync<WatchEvent.Changed>(changed => changed.Item);
        await cluster.Client.MergeAsync(ResourceKind.Secret, name, new() { ["data"] = new JsonObject { ["one"] = "Mg==" } }, None);
        (await NextAsync<WatchEvent.Changed>(changed => changed.Item)).At("data").Text("one").ShouldBe("Mg==");
        await cluster.Client.DeleteAsync(ResourceKind.Secret, name, made.At("metadata").Text("uid")!, null, None);
        await NextAsync<WatchEvent.Deleted>(deleted => deleted.Item);

        async Task<JsonObject> NextAsync<T>(Func<T, JsonObject> item)
        {
            (await watch.MoveNextAsync()).ShouldBeTrue();
            var found = item(watch.Current.ShouldBeOfType<T>());
            found.At("metadata").Text("name").ShouldBe(name);
            return found;
        }
    }

    [Fact]
    public async Task A_refusal_keeps_the_servers_words_and_says_what_was_asked()
    {
        var invalid = await Should.ThrowAsync<KubernetesException>(cluster.Client.CreateAsync(ResourceKind.Secret, Secret("Not_A_Name"), None));
        invalid.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        invalid.Message.ShouldContain("Not_A_Name");
        invalid.Message.ShouldContain("POST api/v1/namespaces");

        using var stranger = cluster.NewClient(access => access with { Certificate = null, Token = new FixedToken("no such token") });
        var unknown = await Should.ThrowAsync<KubernetesException>(stranger.ListAsync(ResourceKind.Pod, null, None));
        unknown.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_not_who_it_says_is_an_error_that_names_it()
    {
        using var nobody = cluster.NewClient(access => access with { Server = new("https://127.0.0.1:1/") });
        await Should.ThrowAsync<HttpRequestException>(nobody.ListAsync(ResourceKind.Pod, null, None));
        using var mistrusting = cluster.NewClient(access => access with { Authorities = null });
        (await Should.ThrowAsync<HttpRequestException>(mistrusting.ListAsync(ResourceKind.Pod, null, None)))
            .InnerException.ShouldBeOfType<System.Security.Authentication.AuthenticationException>();
    }

    private static JsonObject Secret(string name, params (string Key, string Value)[] data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["test"] = name.Split('-')[0] } },
        ["data"] = new JsonObject(data.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
    };
}
