using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Gateway;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class PoolTests(RunningApi api)
{
    [Fact]
    public async Task Administrators_enter_order_price_and_remove_pools_and_nobody_else_does()
    {
        await using var own = await api.StartAnotherAsync(new(api.Identity, "identity"), null);
        using var admin = await SignedInAsync(own.Address, "admin");
        using var pia = await SignedInAsync(own.Address, "pia");
        var cloud = await Visitor.JsonAsync(PutAsync(admin, "/api/v1/pools/cloud", new { resource = "nvidia.com/gpu", capacity = 40, nodeSelector = new { gpu = "a100" }, spot = true }));
        cloud.GetProperty("nodeSelector").GetProperty("gpu").GetString().ShouldBe("a100");
        await Visitor.JsonAsync(PutAsync(admin, "/api/v1/pools/studio", new { resource = "aliyun.com/gpu-mem", capacity = 96, unitsPerGpu = 24 }));
        (await NamesAsync()).ShouldBe(["cloud", "studio"]);
        await Visitor.JsonAsync(PutAsync(admin, "/api/v1/pools", new[] { "studio" }));
        (await NamesAsync()).ShouldBe(["studio", "cloud"]);

        var wrong = await Visitor.ProblemAsync(PutAsync(admin, "/api/v1/pools/Bad%20Name", new { resource = "", capacity = -1 }), HttpStatusCode.UnprocessableEntity, "pool-invalid");
        wrong.GetProperty("errors").GetArrayLength().ShouldBe(3);

        await Visitor.JsonAsync(admin.PostAsync("/api/v1/pools/cloud/prices", new { perGpuHour = 2.5 }));
        await Visitor.ProblemAsync(admin.PostAsync("/api/v1/pools/cloud/prices", new { perGpuHour = 1, from = DateTimeOffset.UnixEpoch }), HttpStatusCode.Conflict, "conflict");
        await Visitor.ProblemAsync(admin.PostAsync("/api/v1/pools/none/prices", new { perGpuHour = 1 }), HttpStatusCode.NotFound, "not-found");
        var prices = (await Visitor.JsonAsync(admin.GetAsync("/api/v1/pools"))).EnumerateArray().Last().GetProperty("prices");
        prices.EnumerateArray().ShouldHaveSingleItem().GetProperty("perGpuHour").GetDecimal().ShouldBe(2.5m);

        (await pia.GetAsync("/api/v1/pools")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await PutAsync(pia, "/api/v1/pools/cloud", new { resource = "a", capacity = 1 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await pia.DeleteAsync("/api/v1/pools/cloud")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await pia.GetAsync("/pools")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await admin.DeleteAsync("/api/v1/pools/cloud")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Visitor.ProblemAsync(admin.DeleteAsync("/api/v1/pools/cloud"), HttpStatusCode.NotFound, "not-found");
        (await NamesAsync()).ShouldBe(["studio"]);
        (await admin.GetAsync("/pools")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var audit = await Visitor.JsonAsync(admin.GetAsync("/api/v1/audit?action=price.add"));
        audit.EnumerateArray().ShouldHaveSingleItem().GetProperty("detail").GetString()!.ShouldContain("2500000");
        (await admin.DeleteAsync("/api/v1/pools/studio")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        async Task<IEnumerable<string?>> NamesAsync() =>
            (await Visitor.JsonAsync(admin.GetAsync("/api/v1/pools"))).EnumerateArray().Select(pool => pool.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_wake_beyond_a_quota_is_refused_with_whose_and_how_much_and_people_see_what_they_use()
    {
        await using var own = await api.StartAnotherAsync(new(api.Identity, "identity"), null);
        using var admin = await SignedInAsync(own.Address, "admin");
        using var pia = await SignedInAsync(own.Address, "pia");
        using var proxy = new HttpClient { BaseAddress = own.Address, DefaultRequestHeaders = { { GatewayOptions.KeyHeader, RunningApi.Key } } };
        var me = await Visitor.JsonAsync(pia.GetAsync("/api/v1/me"));
        var group = me.GetProperty("group").GetString();
        var (first, second) = (await pia.TakeAsync(), await pia.TakeAsync());
        (await pia.PostAsync($"/api/v1/engines/{first.Id}/wake")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Visitor.JsonAsync(PutAsync(admin, $"/api/v1/rules/quota/group/{group}", new { awake = 1 }));

        var refused = await Visitor.ProblemAsync(pia.PostAsync($"/api/v1/engines/{second.Id}/wake"), HttpStatusCode.Conflict, "quota-used");
        refused.GetProperty("detail").GetString()!.ShouldContain($"the group {group} has 1 of 1 engines awake");
        using var visit = await proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new(second.Id), new("pia"), false));
        visit.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await visit.Content.ReadFromJsonAsync<TooManyAwakeAnswer>())!.Quota!.In("zh").ShouldContain("上限 1");

        var quota = (await Visitor.JsonAsync(pia.GetAsync("/api/v1/quotas"))).EnumerateArray().ShouldHaveSingleItem();
        (quota.GetProperty("used").GetDecimal(), quota.GetProperty("group").GetString()).ShouldBe((1, group));
        (await (await pia.GetAsync("/")).Content.ReadAsStringAsync()).ShouldContain($"The group {group} has 1 of 1 engines awake.");
        var wrong = await Visitor.ProblemAsync(
            PutAsync(admin, "/api/v1/rules/quota/everyone", new { awake = 1.5, gpus = "many", cards = 1 }), HttpStatusCode.UnprocessableEntity, "rule-invalid");
        wrong.GetProperty("errors").GetArrayLength().ShouldBe(3);
        // The database is everybody's.
        (await admin.DeleteAsync($"/api/v1/rules/quota/group/{group}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Visitor.ProblemAsync(PutAsync(admin, "/api/v1/rules/share/group/film", new { weight = 0 }), HttpStatusCode.UnprocessableEntity, "rule-invalid");
    }

    [Fact]
    public async Task Only_its_owner_says_where_a_waiting_engine_starts_or_that_it_waits_no_more()
    {
        await using var own = await api.StartAnotherAsync(new(api.Identity, "identity"), null);
        using var admin = await SignedInAsync(own.Address, "admin");
        using var pia = await SignedInAsync(own.Address, "pia");
        using var proxy = new HttpClient { BaseAddress = own.Address, DefaultRequestHeaders = { { GatewayOptions.KeyHeader, RunningApi.Key } } };
        var engine = await pia.TakeAsync();
        await Visitor.JsonAsync(PutAsync(admin, "/api/v1/pools/cloud", new { resource = "nvidia.com/gpu", capacity = 1 }));
        await Visitor.ProblemAsync(pia.PostAsync($"/api/v1/engines/{engine.Id}/pool", new { pool = "none" }), HttpStatusCode.BadRequest, "invalid");
        await Visitor.ProblemAsync(pia.PostAsync($"/api/v1/engines/{engine.Id}/pool", new { pool = "cloud" }), HttpStatusCode.Conflict, "conflict");
        await Visitor.ProblemAsync(admin.PostAsync($"/api/v1/engines/{engine.Id}/pool", new { pool = "cloud" }), HttpStatusCode.Forbidden, "forbidden");

        (await AskAsync("admin", null)).ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync("pia", "cloud")).ShouldBe(HttpStatusCode.Conflict, "it does not wait");
        (await pia.PostAsync($"/api/v1/engines/{engine.Id}/wake")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync("pia", null)).ShouldBe(HttpStatusCode.NoContent);
        (await Visitor.JsonAsync(pia.GetAsync($"/api/v1/engines/{engine.Id}"))).GetProperty("desired").GetString().ShouldBe("Asleep");
        (await admin.DeleteAsync("/api/v1/pools/cloud")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        async Task<HttpStatusCode> AskAsync(string user, string? pool) =>
            (await proxy.PostAsJsonAsync(InternalApi.Queue, new QueueRequest(new(engine.Id), new(user), pool))).StatusCode;
    }

    private static async Task<Visitor> SignedInAsync(Uri address, string name)
    {
        var visitor = new Visitor(address);
        await visitor.SignInAsync(name);
        return visitor;
    }

    private static Task<HttpResponseMessage> PutAsync(Visitor visitor, string path, object body) => visitor.SendAsync(HttpMethod.Put, path, JsonContent.Create(body));
}
