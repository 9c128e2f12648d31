using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Gateway;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class LimitTests(RunningApi api)
{
    [Fact]
    public async Task A_wake_beyond_what_one_may_keep_awake_is_refused_by_name_and_changes_nothing()
    {
        await using var limited = await api.StartAnotherAsync(new(api.Identity, "identity"), null, ("Limits__AwakePerPerson", "1"));
        using var carol = new Visitor(limited.Address);
        await carol.SignInAsync("carol");
        using var proxy = new HttpClient { BaseAddress = limited.Address, DefaultRequestHeaders = { { GatewayOptions.KeyHeader, RunningApi.Key } } };
        var (first, second) = (await carol.TakeAsync(), await carol.TakeAsync());
        (await carol.PostAsync($"/api/v1/engines/{first.Id}/wake")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var refused = await carol.PostAsync($"/api/v1/engines/{second.Id}/wake");
        using var restart = await carol.PostAsync($"/api/v1/engines/{second.Id}/restart");
        using var visit = await proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new(second.Id), new("carol"), true));

        (refused.StatusCode, restart.StatusCode, visit.StatusCode).ShouldBe((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict));
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:aigc:problem:too-many-awake");
        problem.GetProperty("detail").GetString()!.ShouldContain(first.Host);
        var answer = (await visit.Content.ReadFromJsonAsync<TooManyAwakeAnswer>())!;
        (answer.Limit, answer.Awake.Single()).ShouldBe((1, first.Host));
        var after = await Visitor.JsonAsync(carol.GetAsync($"/api/v1/engines/{second.Id}"));
        (after.GetProperty("desired").GetString(), after.GetProperty("generation").GetInt64()).ShouldBe(("Asleep", 1));
    }

    [Fact]
    public async Task Who_calls_too_often_waits_and_nobody_else_does()
    {
        await using var limited = await api.StartAnotherAsync(new(api.Identity, "identity"), null, ("Limits__CallsPerPerson", "4"));
        using var carol = new Visitor(limited.Address);
        using var alice = new Visitor(limited.Address);
        await carol.SignInAsync("carol");
        await alice.SignInAsync("alice");

        HttpResponseMessage last;
        var calls = 0;
        do
            last = await carol.GetAsync("/api/v1/me");
        while (last.IsSuccessStatusCode && ++calls < 10);

        last.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        calls.ShouldBeInRange(1, 5);
        last.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 15);
        (await last.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:aigc:problem:too-many-requests");
        (await alice.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        last.Dispose();
    }

    [Fact]
    public async Task Visits_and_buttons_that_wake_too_often_are_refused()
    {
        await using var limited = await api.StartAnotherAsync(new(api.Identity, "identity"), null, ("Limits__WakesPerPerson", "2"));
        using var carol = new Visitor(limited.Address);
        await carol.SignInAsync("carol");
        using var proxy = new HttpClient { BaseAddress = limited.Address, DefaultRequestHeaders = { { GatewayOptions.KeyHeader, RunningApi.Key } } };
        var engine = await carol.TakeAsync();
        (await carol.PostAsync($"/api/v1/engines/{engine.Id}/wake")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await carol.PostAsync($"/api/v1/engines/{engine.Id}/sleep")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await carol.PostAsync($"/api/v1/engines/{engine.Id}/wake")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new(engine.Id), new("carol"), true))).StatusCode
            .ShouldBe(HttpStatusCode.OK, "it is awake already");
        (await carol.PostAsync($"/api/v1/engines/{engine.Id}/sleep")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var visit = await proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new(engine.Id), new("carol"), true));

        visit.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        visit.Headers.RetryAfter.ShouldNotBeNull();
        (await carol.PostAsync($"/api/v1/engines/{engine.Id}/wake")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await Visitor.JsonAsync(carol.GetAsync($"/api/v1/engines/{engine.Id}"))).GetProperty("desired").GetString().ShouldBe("Asleep");
    }
}
