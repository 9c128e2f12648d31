using System.Net;
using System.Text.Json;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.People;

namespace Aigc.Api.Tests;

/// <summary>A token that leaks does what it was made for, and nothing else.</summary>
[Collection(SharedApi.Name)]
public sealed class ScopeTests(RunningApi api)
{
    private const string Declared = "A token needs the scope ";

    [Fact]
    public async Task Every_endpoint_says_which_scope_it_needs_and_refuses_a_token_with_all_others()
    {
        using var admin = await api.SignInAsync("admin");
        var engine = await admin.TakeAsync();
        var operations = await OperationsAsync();
        operations.Count.ShouldBeGreaterThan(20);
        var without = new Dictionary<string, Visitor>();
        foreach (var (_, name) in ScopeNames.All)
            without[name] = await TokenAsync(admin, [.. ScopeNames.All.Where(one => one.Name != name).Select(one => one.Name)]);
        foreach (var (method, path, description) in operations)
        {
            if (description == "Any token will do.")
                continue;
            description.ShouldStartWith(Declared, Case.Sensitive, $"{method} {path} declares no scope: call RequireScope where it is mapped");
            var scope = description[Declared.Length..].TrimEnd('.');
            var at = path.Replace("{id}", engine.Id, StringComparison.Ordinal).Replace("{name}", "demo", StringComparison.Ordinal);
            // Without the scope, a person's role does not count either: some addresses ask for the role first.
            var refused = await Visitor.ProblemAsync(without[scope].SendAsync(new HttpMethod(method), at), HttpStatusCode.Forbidden, scope == "admin" ? null : "scope-missing");
            refused.GetProperty("type").GetString().ShouldBeOneOf("urn:aigc:problem:forbidden", "urn:aigc:problem:scope-missing");
        }

        (await Visitor.JsonAsync(admin.GetAsync($"/api/v1/engines/{engine.Id}"))).GetProperty("generation").GetInt64().ShouldBe(1, "nothing was done to it");
        foreach (var visitor in without.Values)
            visitor.Dispose();
    }

    [Fact]
    public async Task A_token_limited_to_an_engine_does_not_see_the_others()
    {
        using var alice = await api.SignInAsync("alice");
        var (only, other) = (await alice.TakeAsync(), await alice.TakeAsync());
        using var program = await TokenAsync(alice, ["engines:read", "engines:use", "engines:manage"], only.Id);

        var listed = await Visitor.JsonAsync(program.GetAsync("/api/v1/engines"));
        listed.EnumerateArray().Select(engine => engine.GetProperty("id").GetString()).ShouldBe([only.Id]);
        await Visitor.JsonAsync(program.PostAsync($"/api/v1/engines/{only.Id}/wake"));
        var path = $"/api/v1/engines/{other.Id}";
        foreach (var attempt in new[] { program.GetAsync(path), program.PostAsync($"{path}/wake"), program.PostAsync($"{path}/sleep"),
                     program.PostAsync($"{path}/restart"), program.DeleteAsync(path), program.GetAsync($"{path}/files"), program.GetAsync($"{path}/events") })
            await Visitor.ProblemAsync(attempt, HttpStatusCode.NotFound, "not-found");
        await Visitor.ProblemAsync(program.PostAsync("/api/v1/engines", new { template = "demo" }), HttpStatusCode.Forbidden, "forbidden");
        (await Visitor.JsonAsync(alice.GetAsync(path))).GetProperty("generation").GetInt64().ShouldBe(1);
        var audit = await Visitor.JsonAsync(program.GetAsync("/api/v1/audit?limit=1000"));
        audit.EnumerateArray().ShouldAllBe(entry => entry.GetProperty("targetId").GetString() == only.Id);
    }

    [Fact]
    public async Task A_token_makes_none_that_may_do_more()
    {
        using var alice = await api.SignInAsync("alice");
        var (mine, other) = (await alice.TakeAsync(), await alice.TakeAsync());
        using var limited = await TokenAsync(alice, ["engines:read", "engines:manage"], mine.Id);
        foreach (var wanted in new object[]
        {
            new { name = "more", scopes = new[] { "engines:use" } },
            new { name = "more", scopes = new[] { "engines:read", "engines:use" }, engines = new[] { mine.Id } },
            new { name = "more", scopes = new[] { "engines:read" }, engines = new[] { other.Id } },
        })
            await Visitor.ProblemAsync(limited.PostAsync("/api/v1/tokens", wanted), HttpStatusCode.Forbidden, "forbidden");
        var made = await Visitor.JsonAsync(limited.PostAsync("/api/v1/tokens", new { name = "as much" }), HttpStatusCode.Created);
        made.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["engines:read", "engines:manage"]);
        made.GetProperty("engines").EnumerateArray().Select(id => id.GetString()).ShouldBe([mine.Id]);
        // Nor does it see, or end, those that may do more.
        (await Visitor.JsonAsync(limited.GetAsync("/api/v1/tokens"))).EnumerateArray()
            .ShouldAllBe(token => token.GetProperty("engines").ValueKind == JsonValueKind.Array);

        var brief = await Visitor.JsonAsync(alice.PostAsync("/api/v1/tokens", new { name = "brief", expiresInDays = 1 }), HttpStatusCode.Created);
        using var program = new Visitor(api.Address) { Bearer = brief.GetProperty("token").GetString() };
        var child = await Visitor.JsonAsync(program.PostAsync("/api/v1/tokens", new { name = "child", expiresInDays = 300 }), HttpStatusCode.Created);
        child.GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(brief.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("""{ "name": "x", "scopes": [] }""")]
    [InlineData("""{ "name": "x", "scopes": ["everything"] }""")]
    [InlineData("""{ "name": "x", "scopes": ["engines:read", ""] }""")]
    [InlineData("""{ "name": "x", "scopes": ["engines:read"], "engines": [] }""")]
    [InlineData("""{ "name": "x", "scopes": ["engines:read"], "engines": ["019a7c00000000000000000000000000"] }""")]
    [InlineData("""{ "name": "x", "scopes": ["engines:read"], "engines": ["a b"] }""")]
    public async Task A_wish_that_makes_no_sense_makes_no_token(string body)
    {
        using var carol = await api.SignInAsync("carol");
        var before = (await Visitor.JsonAsync(carol.GetAsync("/api/v1/tokens"))).GetArrayLength();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        await Visitor.ProblemAsync(carol.SendAsync(HttpMethod.Post, "/api/v1/tokens", content), HttpStatusCode.BadRequest, "invalid");
        (await Visitor.JsonAsync(carol.GetAsync("/api/v1/tokens"))).GetArrayLength().ShouldBe(before);
    }

    [Fact]
    public async Task The_scope_admin_makes_no_administrator_and_an_administrator_without_it_is_a_user()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        using var wishing = await TokenAsync(alice, ["engines:read", "admin"]);
        using var modest = await TokenAsync(admin, ["engines:read", "engines:use", "engines:manage"]);
        using var full = await TokenAsync(admin, ["engines:read", "admin"]);
        foreach (var program in new[] { wishing, modest })
        {
            await Visitor.ProblemAsync(program.GetAsync("/api/v1/engines?all=true"), HttpStatusCode.Forbidden, "forbidden");
            await Visitor.ProblemAsync(program.GetAsync("/api/v1/templates/problems"), HttpStatusCode.Forbidden, "forbidden");
            (await Visitor.JsonAsync(program.GetAsync("/api/v1/me"))).GetProperty("isAdmin").GetBoolean().ShouldBeFalse();
        }

        await Visitor.JsonAsync(full.GetAsync("/api/v1/engines?all=true"));
    }

    [Fact]
    public async Task Pages_and_forms_are_not_for_tokens()
    {
        using var alice = await api.SignInAsync("alice");
        using var program = await TokenAsync(alice, [.. ScopeNames.All.Select(one => one.Name)]);
        foreach (var path in new[] { "/tokens", "/activity", "/admin", "/enter?host=x&browser=y" })
        {
            using var answer = await program.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Found);
            answer.Headers.Location!.OriginalString.ShouldContain("/login?");
        }
    }

    [Fact]
    public async Task A_token_in_the_address_opens_nothing_and_its_last_use_is_told()
    {
        using var carol = await api.SignInAsync("carol");
        var made = await Visitor.JsonAsync(carol.PostAsync("/api/v1/tokens", new { name = "script" }), HttpStatusCode.Created);
        var secret = made.GetProperty("token").GetString();
        using var nobody = api.Visitor();
        foreach (var query in new[] { "token", "access_token", "bearer" })
            (await nobody.GetAsync($"/api/v1/me?{query}={secret}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await FindAsync()).GetProperty("lastUsedAt").ValueKind.ShouldBe(JsonValueKind.Null);

        using var program = new Visitor(api.Address) { Bearer = secret };
        await Visitor.JsonAsync(program.GetAsync("/api/v1/me"));
        var used = await FindAsync();
        used.GetProperty("lastUsedAt").ValueKind.ShouldBe(JsonValueKind.String);
        used.GetProperty("lastUsedFrom").GetString().ShouldBe("127.0.0.1");

        async Task<JsonElement> FindAsync() => (await Visitor.JsonAsync(carol.GetAsync("/api/v1/tokens"))).EnumerateArray()
            .Single(token => token.GetProperty("id").GetString() == made.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_stream_of_events_ends_with_its_token()
    {
        using var alice = await api.SignInAsync("alice");
        var engine = await alice.TakeAsync();
        var made = await Visitor.JsonAsync(alice.PostAsync("/api/v1/tokens", new { name = "watcher", scopes = new[] { "engines:read" } }), HttpStatusCode.Created);
        using var client = new HttpClient { BaseAddress = api.Address, DefaultRequestHeaders = { Authorization = new("Bearer", made.GetProperty("token").GetString()) } };
        await using var stream = await client.GetStreamAsync($"/api/v1/engines/{engine.Id}/events");
        using var events = new StreamReader(stream);
        (await events.ReadLineAsync()).ShouldNotBeNull().ShouldStartWith("id: ");

        (await alice.DeleteAsync($"/api/v1/tokens/{made.GetProperty("id").GetString()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await events.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(2))).ShouldContain("\"reasonCode\":\"created\"");
    }

    private async Task<Visitor> TokenAsync(Visitor person, string[] scopes, params string[] engines)
    {
        object wanted = engines.Length == 0 ? new { name = "test", scopes } : new { name = "test", scopes, engines };
        var made = await Visitor.JsonAsync(person.PostAsync("/api/v1/tokens", wanted), HttpStatusCode.Created);
        return new(api.Address) { Bearer = made.GetProperty("token").GetString() };
    }

    private async Task<List<(string Method, string Path, string Description)>> OperationsAsync()
    {
        using var nobody = api.Visitor();
        var paths = (await Visitor.JsonAsync(nobody.GetAsync("/openapi/v1.json"))).GetProperty("paths");
        return [.. paths.EnumerateObject()
            .Where(path => path.Name.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (
                operation.Name.ToUpperInvariant(), path.Name,
                operation.Value.TryGetProperty("description", out var description) ? description.GetString()! : "")))];
    }
}
