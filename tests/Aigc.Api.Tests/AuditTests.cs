using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;

namespace Aigc.Api.Tests;

/// <summary>Who did what is known afterwards, to those whom it concerns.</summary>
[Collection(SharedApi.Name)]
public sealed class AuditTests(RunningApi api)
{
    [Fact]
    public async Task Owners_learn_who_did_what_with_their_engine_and_from_where()
    {
        using var alice = await api.SignInAsync("alice");
        using var bob = await api.SignInAsync("bob");
        using var admin = await api.SignInAsync("admin");
        var engine = await alice.TakeAsync();
        using var proxy = api.Proxy();
        await Visitor.JsonAsync(proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new(engine.Id), new("alice"), true, "198.51.100.4")));
        await Visitor.JsonAsync(admin.PostAsync($"/api/v1/engines/{engine.Id}/sleep"));
        await Visitor.ProblemAsync(bob.PostAsync($"/api/v1/engines/{engine.Id}/wake"), HttpStatusCode.NotFound, "not-found");

        var entries = await ReadUntilAsync(alice, $"target={engine.Host}", 4);
        entries.Select(entry => $"{entry.GetProperty("actor")} {entry.GetProperty("action")} {entry.GetProperty("outcome")}").ShouldBe(
            ["bob access Refused", "admin engine.sleep Done", "alice engine.wake Done", "alice engine.take Done"]);
        entries.Select(entry => entry.GetProperty("address").GetString()).ShouldBe(["127.0.0.1", "127.0.0.1", "198.51.100.4", "127.0.0.1"]);
        (await ReadAsync(bob, $"target={engine.Id}")).ShouldHaveSingleItem("what he did himself").GetProperty("actorId").GetString().ShouldBe("bob");
        (await ReadAsync(admin, $"target={engine.Id}")).Count.ShouldBe(4);
        using var carol = await api.SignInAsync("carol");
        (await ReadAsync(carol, $"target={engine.Id}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_address_is_the_clients_as_the_proxy_tells_it()
    {
        using var alice = await api.SignInAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/engines")
        {
            Content = JsonContent.Create(new { template = "demo" }),
            Headers = { { "X-Forwarded-For", "203.0.113.9" } },
        };
        var made = await Visitor.JsonAsync(alice.PostAsync("/api/v1/tokens", new { name = "from afar" }), HttpStatusCode.Created);
        using var client = new HttpClient { BaseAddress = api.Address, DefaultRequestHeaders = { Authorization = new("Bearer", made.GetProperty("token").GetString()) } };
        using var taken = await client.SendAsync(request);
        var id = JsonDocument.Parse(await taken.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        (await ReadAsync(alice, $"target={id}")).Single().GetProperty("address").GetString().ShouldBe("203.0.113.9");
    }

    [Fact]
    public async Task Sign_ins_tokens_templates_and_refusals_are_there()
    {
        using var admin = await api.SignInAsync("admin");
        await Visitor.JsonAsync(admin.PutYamlAsync("/api/v1/templates/audited", RunningApi.Demo.Replace("name: demo", "name: audited", StringComparison.Ordinal)), HttpStatusCode.Created);
        (await admin.DeleteAsync("/api/v1/templates/audited")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ReadAsync(admin, "target=audited")).Select(entry => entry.GetProperty("action").GetString()).ShouldBe(["template.remove", "template.save"]);

        using var dora = await api.SignInAsync("carol");
        var made = await Visitor.JsonAsync(dora.PostAsync("/api/v1/tokens", new { name = "script", scopes = new[] { "engines:read" } }), HttpStatusCode.Created);
        var id = made.GetProperty("id").GetString();
        using var program = new Visitor(api.Address) { Bearer = made.GetProperty("token").GetString() };
        await Visitor.ProblemAsync(program.PostAsync("/api/v1/engines", new { template = "demo" }), HttpStatusCode.Forbidden, "scope-missing");
        await Visitor.ProblemAsync(program.DeleteAsync("/api/v1/templates/demo"), HttpStatusCode.Forbidden, "forbidden");
        (await dora.DeleteAsync($"/api/v1/tokens/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ReadAsync(dora, $"target={id}")).Select(entry => entry.GetProperty("action").GetString()).ShouldBe(["token.revoke", "token.create"]);
        (await ReadUntilAsync(dora, "action=access&target=POST%20/api/v1/engines", 1))[0].GetProperty("detail").GetString().ShouldBe("without engines:manage");
        await ReadUntilAsync(dora, "action=access&target=DELETE%20/api/v1/templates/%7Bname%7D", 1);
        (await ReadAsync(dora, "action=sign-in")).ShouldNotBeEmpty();
        JsonSerializer.Serialize(await ReadAsync(admin, "limit=10000")).ShouldNotContain(made.GetProperty("token").GetString()!);
    }

    [Fact]
    public async Task Exports_hold_everything_and_start_no_formula()
    {
        using var eve = await api.SignInAsync("carol");
        await Visitor.JsonAsync(eve.PostAsync("/api/v1/tokens", new { name = "=HYPERLINK(\"http://evil\",\"x\")" }), HttpStatusCode.Created);
        await Visitor.JsonAsync(eve.PostAsync("/api/v1/tokens", new { name = "@SUM(1), +1" }), HttpStatusCode.Created);

        using var csv = await eve.GetAsync("/api/v1/audit?format=csv&action=token.create");
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var text = await csv.Content.ReadAsStringAsync();
        text.ShouldStartWith("id,at,action,outcome,actor,actorId,address,targetKind,targetId,target,ownerId,detail\r\n");
        text.ShouldContain("\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"");
        text.ShouldContain("\"'@SUM(1), +1\"");

        using var lines = await eve.GetAsync("/api/v1/audit?format=jsonl");
        var exported = (await lines.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        exported.Length.ShouldBe((await ReadAsync(eve, "limit=10000")).Count);
        JsonDocument.Parse(exported[0]).RootElement.GetProperty("target").GetString().ShouldBe("@SUM(1), +1");
    }

    [Fact]
    public async Task Pages_lead_on_and_wrong_questions_are_told()
    {
        using var alice = await api.SignInAsync("alice");
        for (var i = 0; i < 5; i++)
            await alice.TakeAsync();
        var met = new List<long>();
        for (var path = "/api/v1/audit?action=engine.take&limit=2"; path is not null;)
        {
            using var response = await alice.GetAsync(path);
            var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            met.AddRange(page.EnumerateArray().Select(entry => entry.GetProperty("id").GetInt64()));
            path = response.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }

        met.Count.ShouldBeGreaterThanOrEqualTo(5);
        met.ShouldBe(met.Distinct().OrderDescending());
        foreach (var wrong in new[] { "limit=0", "limit=10001", "format=xml", "outcome=Perhaps", "from=yesterday", "after=x" })
            (await alice.GetAsync($"/api/v1/audit?{wrong}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        using var nobody = api.Visitor();
        (await nobody.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_a_proxy_refused_is_there_too()
    {
        using var alice = await api.SignInAsync("alice");
        var engine = await alice.TakeAsync();
        var denial = new Denial(new(new("bob"), "bob", "203.0.113.5"), new("engine", engine.Id, engine.Host, new("alice"), new("art")), "not-yours");
        using var proxy = api.Proxy();
        (await proxy.PostAsJsonAsync(InternalApi.Denials, new[] { denial })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await proxy.PostAsJsonAsync(InternalApi.Denials, Enumerable.Repeat(denial, Denials.LargestBatch + 1))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var stranger = new HttpClient { BaseAddress = api.Address };
        (await stranger.PostAsJsonAsync(InternalApi.Denials, new[] { denial })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var entry = (await ReadAsync(alice, $"target={engine.Id}&outcome=Refused")).ShouldHaveSingleItem();
        entry.GetProperty("address").GetString().ShouldBe("203.0.113.5");
        entry.GetProperty("actor").GetString().ShouldBe("bob");
    }

    private static async Task<List<JsonElement>> ReadAsync(Visitor visitor, string query) =>
        [.. (await Visitor.JsonAsync(visitor.GetAsync($"/api/v1/audit?{query}"))).EnumerateArray()];

    /// <summary>Refusals come a moment later.</summary>
    private static async Task<List<JsonElement>> ReadUntilAsync(Visitor visitor, string query, int count)
    {
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            if (await ReadAsync(visitor, query) is var entries && entries.Count >= count)
                return entries;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, budget.Token);
        }
    }
}
