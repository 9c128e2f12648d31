using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Api.Tests;

/// <summary>Sharing, managing for a group, and administrators' access: who gets in, who does not, and what the owner learns of it.</summary>
[Collection(SharedApi.Name)]
public sealed class AccessTests(RunningApi api)
{
    [Fact]
    public async Task A_shared_engine_is_seen_and_not_touched()
    {
        using var alice = await api.SignInAsync("alice");
        using var bob = await api.SignInAsync("bob");
        var engine = await alice.TakeAsync();
        var path = $"/api/v1/engines/{engine.Id}";
        var share = await Visitor.JsonAsync(alice.PostAsync($"{path}/shares", new { userName = "bob" }));
        (share.GetProperty("name").GetString(), share.GetProperty("level").GetString()).ShouldBe(("bob", "View"));

        (await Visitor.JsonAsync(bob.GetAsync("/api/v1/engines?shared=true"))).EnumerateArray().ShouldContain(one => one.GetProperty("id").GetString() == engine.Id);
        (await Visitor.JsonAsync(bob.GetAsync("/api/v1/engines"))).EnumerateArray().ShouldNotContain(one => one.GetProperty("id").GetString() == engine.Id);
        await Visitor.JsonAsync(bob.GetAsync(path));
        foreach (var request in new[]
        {
            bob.PostAsync($"{path}/wake"), bob.PostAsync($"{path}/sleep"), bob.PostAsync($"{path}/restart"), bob.DeleteAsync(path),
            bob.PostAsync($"{path}/keep-awake", new { minutes = 5 }), bob.GetAsync($"{path}/files"), bob.GetAsync($"{path}/log"),
            bob.GetAsync($"{path}/shares"), bob.PostAsync($"{path}/shares", new { userName = "carol" }),
            bob.PostAsync($"{path}/admin-access", new { reason = "curious" }), bob.GetAsync($"{path}/admin-access"),
        })
        {
            await Visitor.ProblemAsync(request, HttpStatusCode.Forbidden, "forbidden");
        }

        (await EnterAsync(bob, engine)).ShouldStartWith("http://" + engine.Host);
        (await VisitAsync(engine, "bob")).ShouldBe(HttpStatusCode.Forbidden, "looking does not wake");

        (await alice.DeleteAsync($"{path}/shares/{share.GetProperty("id").GetString()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Visitor.ProblemAsync(alice.DeleteAsync($"{path}/shares/{share.GetProperty("id").GetString()}"), HttpStatusCode.NotFound, "not-found");
        await Visitor.ProblemAsync(bob.GetAsync(path), HttpStatusCode.NotFound, "not-found");
        (await EnterAsync(bob, engine)).ShouldBe("403");
    }

    [Fact]
    public async Task A_share_says_what_is_wrong_with_it()
    {
        using var alice = await api.SignInAsync("alice");
        var path = $"/api/v1/engines/{(await alice.TakeAsync()).Id}/shares";
        foreach (var wrong in new object[] { new { }, new { userName = "bob", group = true }, new { userName = "nobody at all" }, new { userName = "alice" } })
            await Visitor.ProblemAsync(alice.PostAsync(path, wrong), HttpStatusCode.BadRequest, "invalid");
        alice.Antiforgery = null;
        await Visitor.ProblemAsync(alice.PostAsync(path, new { group = true }), HttpStatusCode.BadRequest, "antiforgery");
    }

    [Fact]
    public async Task A_code_from_before_the_end_of_a_share_opens_nothing()
    {
        using var alice = await api.SignInAsync("alice");
        using var bob = await api.SignInAsync("bob");
        using var proxy = api.Proxy();
        var engine = await alice.TakeAsync();
        var share = await Visitor.JsonAsync(alice.PostAsync($"/api/v1/engines/{engine.Id}/shares", new { group = true }));
        var (early, late) = (await CodeAsync(bob, engine), await CodeAsync(bob, engine));
        (await proxy.RedeemAsync(early, engine.Host, Nonce)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await alice.DeleteAsync($"/api/v1/engines/{engine.Id}/shares/{share.GetProperty("id").GetString()}");
        (await proxy.RedeemAsync(late, engine.Host, Nonce)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_administrator_opens_an_engine_with_a_reason_that_its_owner_reads_and_can_end()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        var engine = await alice.TakeAsync();
        var path = $"/api/v1/engines/{engine.Id}";
        await Visitor.ProblemAsync(admin.GetAsync($"{path}/log"), HttpStatusCode.Forbidden, "forbidden");
        (await VisitAsync(engine, "admin")).ShouldBe(HttpStatusCode.Forbidden);
        (await EnterAsync(admin, engine)).ShouldBe("403");
        foreach (var wrong in new object[] { new { }, new { reason = "  " }, new { reason = "two\nlines" }, new { reason = "why", minutes = 481 }, new { reason = "why", minutes = 0 } })
            await Visitor.ProblemAsync(admin.PostAsync($"{path}/admin-access", wrong), HttpStatusCode.BadRequest, "invalid");

        var opened = await Visitor.JsonAsync(admin.PostAsync($"{path}/admin-access", new { reason = "Her generation hangs" }));
        (opened.GetProperty("until").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).ShouldBe(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        (await admin.GetAsync($"{path}/log")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await VisitAsync(engine, "admin")).ShouldBe(HttpStatusCode.OK);
        (await EnterAsync(admin, engine)).ShouldStartWith("http://" + engine.Host);
        await Visitor.ProblemAsync(admin.PostAsync($"{path}/shares", new { group = true }), HttpStatusCode.Forbidden, "forbidden");

        var told = (await Visitor.JsonAsync(alice.GetAsync($"{path}/admin-access"))).EnumerateArray().ShouldHaveSingleItem();
        (told.GetProperty("userName").GetString(), told.GetProperty("reason").GetString()).ShouldBe(("admin", "Her generation hangs"));
        (await alice.DeleteAsync($"{path}/admin-access")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Visitor.ProblemAsync(admin.GetAsync($"{path}/log"), HttpStatusCode.Forbidden, "forbidden");
        (await VisitAsync(engine, "admin")).ShouldBe(HttpStatusCode.Forbidden);
        await Visitor.ProblemAsync(alice.PostAsync($"{path}/admin-access", new { reason = "mine" }), HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task A_group_manager_manages_the_groups_engines_and_does_not_look_into_them()
    {
        using var alice = await api.SignInAsync("alice");
        using var manager = await api.SignInAsync("manager");
        using var bob = await api.SignInAsync("bob");
        var engine = await alice.TakeAsync();
        var path = $"/api/v1/engines/{engine.Id}";
        var group = (await Visitor.JsonAsync(alice.GetAsync("/api/v1/me"))).GetProperty("group").GetString();
        (await Visitor.JsonAsync(manager.GetAsync("/api/v1/me"))).GetProperty("role").GetString().ShouldBe("GroupManager");

        (await Visitor.JsonAsync(manager.GetAsync($"/api/v1/engines?group={group}"))).EnumerateArray().ShouldContain(one => one.GetProperty("id").GetString() == engine.Id);
        await Visitor.ProblemAsync(manager.GetAsync("/api/v1/engines?group=another"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(bob.GetAsync($"/api/v1/engines?group={group}"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(manager.GetAsync("/api/v1/engines?all=true"), HttpStatusCode.Forbidden, "forbidden");

        foreach (var request in new[]
        {
            manager.PostAsync($"{path}/wake"), manager.PostAsync($"{path}/restart"), manager.GetAsync($"{path}/files"), manager.GetAsync($"{path}/log"),
            manager.PostAsync($"{path}/admin-access", new { reason = "why" }), manager.DeleteAsync($"{path}?disk=remove"),
        })
        {
            await Visitor.ProblemAsync(request, HttpStatusCode.Forbidden, "forbidden");
        }

        (await VisitAsync(engine, "manager")).ShouldBe(HttpStatusCode.Forbidden);
        await alice.PostAsync($"{path}/wake");
        (await Visitor.JsonAsync(manager.PostAsync($"{path}/restart"))).GetProperty("desired").GetString().ShouldBe("Awake", "it was awake already");
        (await Visitor.JsonAsync(manager.PostAsync($"{path}/sleep"))).GetProperty("desired").GetString().ShouldBe("Asleep");
        (await Visitor.JsonAsync(manager.DeleteAsync(path), HttpStatusCode.Accepted)).GetProperty("desired").GetString().ShouldBe("Deleted");
    }

    private const string Nonce = "a nonce of this browser";

    /// <summary>Where somebody is sent who opens the engine; or the status that refuses them.</summary>
    private static async Task<string> EnterAsync(Visitor visitor, TakenEngine engine)
    {
        var browser = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Nonce)));
        using var answer = await visitor.GetAsync($"/enter?host={engine.Host}&browser={browser}&returnUrl=/");
        return answer.Headers.Location?.AbsoluteUri ?? $"{(int)answer.StatusCode}";
    }

    private static async Task<string> CodeAsync(Visitor visitor, TakenEngine engine) =>
        System.Web.HttpUtility.ParseQueryString(new Uri(await EnterAsync(visitor, engine)).Query)["code"]!;

    private async Task<HttpStatusCode> VisitAsync(TakenEngine engine, string userName)
    {
        using var visitor = await api.SignInAsync(userName);
        using var proxy = api.Proxy();
        var id = (await Visitor.JsonAsync(visitor.GetAsync("/api/v1/me"))).GetProperty("id").GetString()!;
        using var answer = await proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new EngineId(engine.Id), new UserId(id), Retry: false, Address: null));
        return answer.StatusCode;
    }
}
