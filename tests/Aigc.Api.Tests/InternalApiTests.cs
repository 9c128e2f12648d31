using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class InternalApiTests(RunningApi api)
{
    private const string Nonce = "the nonce on the engine's host";

    [Fact]
    public async Task Without_the_gateway_key_there_is_nothing_there()
    {
        using var alice = await api.SignInAsync("alice");
        (await alice.GetAsync($"{InternalApi.Routes}?host=x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await alice.PostAsync(InternalApi.Authenticate, new AuthenticateRequest(alice.Cookie("aigc-sign-in")!))).StatusCode
            .ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_code_opens_the_engine_once_in_the_browser_that_asked()
    {
        using var alice = await api.SignInAsync("alice");
        using var proxy = api.Proxy();
        var engine = await alice.TakeAsync();
        (await proxy.RedeemAsync(await EnterAsync(alice, engine.Host), engine.Host, "another browser")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await proxy.RedeemAsync(await EnterAsync(alice, engine.Host), "another-host", Nonce)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        var code = await EnterAsync(alice, engine.Host);
        var answer = await Visitor.JsonAsync(proxy.RedeemAsync(code, engine.Host, Nonce));
        (await proxy.RedeemAsync(code, engine.Host, Nonce)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        var cookie = answer.GetProperty("cookie").GetString()!;
        var signIn = await Visitor.JsonAsync(proxy.AuthenticateAsync(cookie));
        signIn.GetProperty("kind").GetString().ShouldBe("EngineHost");
        signIn.GetProperty("engine").GetProperty("value").GetString().ShouldBe(engine.Id);

        await alice.PostAsync("/logout");
        (await proxy.AuthenticateAsync(cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_engine_hosts_cookie_opens_nothing_on_the_dashboard()
    {
        using var alice = await api.SignInAsync("alice");
        using var proxy = api.Proxy();
        var engine = await alice.TakeAsync();
        var answer = await Visitor.JsonAsync(proxy.RedeemAsync(await EnterAsync(alice, engine.Host), engine.Host, Nonce));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Address, "/api/v1/me"));
        request.Headers.Add("Cookie", $"aigc-sign-in={answer.GetProperty("cookie").GetString()}");
        using var client = new HttpClient();
        (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Only_the_owner_is_let_into_an_engine()
    {
        using var alice = await api.SignInAsync("alice");
        var engine = await alice.TakeAsync();
        foreach (var name in new[] { "bob", "admin" })
        {
            using var other = await api.SignInAsync(name);
            (await other.GetAsync($"/enter?host={engine.Host}&browser=b")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            using var proxy = api.Proxy();
            (await proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new(engine.Id), new(name), true))).StatusCode
                .ShouldBe(HttpStatusCode.Forbidden);
        }

        (await Visitor.JsonAsync(alice.GetAsync($"/api/v1/engines/{engine.Id}"))).GetProperty("desired").GetString().ShouldBe("Asleep");
    }

    [Fact]
    public async Task A_visit_wakes_the_engine_once()
    {
        using var alice = await api.SignInAsync("alice");
        using var proxy = api.Proxy();
        var engine = await alice.TakeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Visitor.JsonAsync(proxy.PostAsJsonAsync(InternalApi.Visits, new VisitRequest(new(engine.Id), new("alice"), true)))));
        answers.ShouldAllBe(answer => answer.GetProperty("generation").GetInt64() == 2);

        var route = await Visitor.JsonAsync(proxy.GetAsync($"{InternalApi.Routes}?host={engine.Host}"));
        route.GetProperty("owner").GetProperty("value").GetString().ShouldBe("alice");
        route.GetProperty("address").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static async Task<string> EnterAsync(Visitor visitor, string host)
    {
        using var answer = await visitor.GetAsync($"/enter?host={host}&browser={SignInKey.Of(Nonce)}&returnUrl=%2Fdeep%3Fx");
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        var url = answer.Headers.Location!;
        url.GetLeftPart(UriPartial.Path).ShouldBe($"http://{host}.localhost:8080/.aigc/enter");
        var query = QueryHelpers.ParseQuery(url.Query);
        query["returnUrl"].ToString().ShouldBe("/deep?x");
        return query["code"].ToString();
    }
}
