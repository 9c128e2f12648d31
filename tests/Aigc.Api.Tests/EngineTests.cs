using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc.Api.Engines;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Ahead;
using Aigc.Testing;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class EngineTests(RunningApi api)
{
    [Fact]
    public async Task An_engine_is_taken_woken_kept_awake_put_to_sleep_and_deleted()
    {
        using var alice = await api.SignInAsync("alice");
        var taken = await alice.TakeAsync();
        var path = $"/api/v1/engines/{taken.Id}";
        taken.Host.ShouldStartWith("demo-alice-");

        (await Visitor.JsonAsync(alice.PostAsync($"{path}/wake"))).GetProperty("desired").GetString().ShouldBe("Awake");
        (await Visitor.JsonAsync(alice.PostAsync($"{path}/keep-awake", new { minutes = 60 }))).GetProperty("keepAwakeUntil").GetDateTimeOffset()
            .ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddMinutes(59));
        (await Visitor.JsonAsync(alice.PostAsync($"{path}/keep-awake", new { minutes = 0 }))).GetProperty("keepAwakeUntil").ValueKind
            .ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await Visitor.JsonAsync(alice.PostAsync($"{path}/restart"))).GetProperty("generation").GetInt64().ShouldBe(3);
        (await Visitor.JsonAsync(alice.PostAsync($"{path}/sleep"))).GetProperty("desired").GetString().ShouldBe("Asleep");
        await Visitor.ProblemAsync(alice.PostAsync($"{path}/keep-awake", new { minutes = 60 }), HttpStatusCode.Conflict, "conflict");
        await Visitor.ProblemAsync(alice.PostAsync($"{path}/keep-awake", new { minutes = 1441 }), HttpStatusCode.BadRequest, "invalid");

        await Visitor.ProblemAsync(alice.DeleteAsync($"{path}?disk=perhaps"), HttpStatusCode.BadRequest, "invalid");
        (await Visitor.JsonAsync(alice.DeleteAsync($"{path}?disk=keep"), HttpStatusCode.Accepted)).GetProperty("desired").GetString().ShouldBe("Deleted");
        await Visitor.ProblemAsync(alice.PostAsync($"{path}/wake"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Nobody_learns_of_anothers_engine()
    {
        using var alice = await api.SignInAsync("alice");
        using var bob = await api.SignInAsync("bob");
        var path = $"/api/v1/engines/{(await alice.TakeAsync()).Id}";
        foreach (var request in new[]
        {
            bob.GetAsync(path), bob.PostAsync($"{path}/wake"), bob.PostAsync($"{path}/sleep"), bob.PostAsync($"{path}/restart"),
            bob.PostAsync($"{path}/keep-awake", new { minutes = 5 }), bob.DeleteAsync($"{path}?disk=remove"), bob.GetAsync($"{path}/events"),
            bob.GetAsync($"{path}/files"), bob.GetAsync($"{path}/log"), bob.GetAsync($"{path}/files/content?path=x"),
        })
        {
            await Visitor.ProblemAsync(request, HttpStatusCode.NotFound, "not-found");
        }

        (await Visitor.JsonAsync(bob.GetAsync("/api/v1/engines"))).GetArrayLength().ShouldBe(0);
        await Visitor.ProblemAsync(bob.GetAsync("/api/v1/engines?all=true"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task An_administrator_manages_engines_but_does_not_look_into_them()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        var id = (await alice.TakeAsync()).Id;
        var path = $"/api/v1/engines/{id}";
        (await Visitor.JsonAsync(admin.GetAsync("/api/v1/engines?all=true"))).EnumerateArray()
            .ShouldContain(engine => engine.GetProperty("id").GetString() == id);
        await Visitor.ProblemAsync(admin.PostAsync($"{path}/wake"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(admin.GetAsync($"{path}/files"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.JsonAsync(admin.PostAsync($"{path}/sleep"));
        await Visitor.ProblemAsync(admin.DeleteAsync($"{path}?disk=remove"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.JsonAsync(admin.DeleteAsync($"{path}?disk=keep"), HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task When_an_engine_is_woken_ahead_its_owner_sees_and_says()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        var path = $"/api/v1/engines/{(await alice.TakeAsync()).Id}/pre-wake";
        var next = TimeProvider.System.GetUtcNow().AddDays(2).AddHours(1);
        (await Visitor.JsonAsync(alice.GetAsync(path))).GetProperty("times").GetArrayLength().ShouldBe(0);
        await PastVisits.AddAsync(api.Database, new(path.Split('/')[4]), PastVisits.Weekly(next));
        var told = await Visitor.JsonAsync(alice.GetAsync(path));
        (told.GetProperty("on").GetBoolean(), told.GetProperty("allowed").GetBoolean()).ShouldBe((false, true), "an administrator has not set any hours");
        told.GetProperty("times").EnumerateArray().Single().GetDateTimeOffset().ShouldBe(next - Habit.Lead, TimeSpan.FromSeconds(1));

        (await Visitor.JsonAsync(alice.SendAsync(HttpMethod.Put, path, JsonContent.Create(new { allowed = false })))).GetProperty("allowed").GetBoolean().ShouldBeFalse();
        (await Visitor.JsonAsync(alice.GetAsync(path))).GetProperty("allowed").GetBoolean().ShouldBeFalse();
        await Visitor.ProblemAsync(admin.GetAsync(path), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task An_administrator_reads_page_by_page_and_meets_each_engine_once()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        var taken = new List<string>();
        for (var i = 0; i < 3; i++)
            taken.Add((await alice.TakeAsync()).Id);

        var met = new List<string>();
        for (var next = "/api/v1/engines?all=true&limit=2"; next is not null;)
        {
            using var answer = await admin.GetAsync(next);
            var page = (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Select(engine => engine.GetProperty("id").GetString()!).ToList();
            page.Count.ShouldBeLessThanOrEqualTo(2);
            met.AddRange(page);
            next = answer.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null;
        }

        met.ShouldBeUnique();
        taken.ShouldBeSubsetOf(met);
        await Visitor.ProblemAsync(admin.GetAsync("/api/v1/engines?all=true&limit=0"), HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Another_site_cannot_write_with_the_cookie()
    {
        using var alice = await api.SignInAsync("alice");
        alice.Antiforgery = null;
        var problem = await Visitor.ProblemAsync(alice.PostAsync("/api/v1/engines", new { template = "demo" }), HttpStatusCode.BadRequest, "antiforgery");
        problem.GetProperty("detail").GetString()!.ShouldContain("X-XSRF-TOKEN");
        using var bob = await api.SignInAsync("bob");
        alice.Antiforgery = bob.Antiforgery;
        await Visitor.ProblemAsync(alice.PostAsync("/api/v1/engines", new { template = "demo" }), HttpStatusCode.BadRequest, "antiforgery");
    }

    [Fact]
    public async Task Every_error_is_a_problem_with_a_sentence()
    {
        using var alice = await api.SignInAsync("alice");
        using var nobody = api.Visitor();
        await Visitor.ProblemAsync(nobody.GetAsync("/api/v1/engines"), HttpStatusCode.Unauthorized, "unauthenticated");
        await Visitor.ProblemAsync(nobody.GetAsync("/api/v1/nothing"), HttpStatusCode.NotFound, "not-found");
        await Visitor.ProblemAsync(alice.SendAsync(HttpMethod.Patch, "/api/v1/engines"), HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        await Visitor.ProblemAsync(
            alice.SendAsync(HttpMethod.Post, "/api/v1/engines", new StringContent("template=demo")), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        await Visitor.ProblemAsync(
            alice.SendAsync(HttpMethod.Post, "/api/v1/engines", new StringContent("{\"templ", Encoding.UTF8, "application/json")),
            HttpStatusCode.BadRequest, "invalid");
        await Visitor.ProblemAsync(alice.PostAsync("/api/v1/engines", new { template = "nothing" }), HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Events_come_in_order_first_the_past_then_the_present()
    {
        using var alice = await api.SignInAsync("alice");
        var path = $"/api/v1/engines/{(await alice.TakeAsync()).Id}";
        using var events = new StreamReader(await alice.StreamAsync($"{path}/events"));
        (await NextAsync(events)).ShouldContain("\"reasonCode\":\"created\"");
        await alice.PostAsync($"{path}/wake");
        (await NextAsync(events)).ShouldContain("\"reasonCode\":\"wake-asked\"");
        await alice.PostAsync($"{path}/sleep");
        var last = await NextAsync(events);
        last.ShouldContain("\"reasonCode\":\"sleep-asked\"");
        last.ShouldContain("\"actor\":\"alice\"");
    }

    [Theory]
    [InlineData("demo", "Ann O'Neil", "demo-ann-o-neil-abcd")]
    [InlineData("demo", "李雷", "demo-abcd")]
    [InlineData("demo", "x---", "demo-x-abcd")]
    public void Hosts_are_named_after_template_and_owner(string template, string userName, string host) =>
        HostLabel.New(template, userName, "abcd").ShouldBe(host);

    [Fact]
    public void A_host_label_fits_into_dns() => HostLabel.New("demo", new string('n', 200), "abcd").Length.ShouldBe(63);

    private static async Task<string> NextAsync(StreamReader events)
    {
        while (await events.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return line;
        }

        throw new EndOfStreamException();
    }
}
