using System.Net;
using Aigc.Api.Tests.Harness;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class DeletionTests(RunningApi api)
{
    [Fact]
    public async Task A_deleted_person_is_out_at_once_and_begins_anew()
    {
        using var admin = await api.SignInAsync("admin");
        using var leaver = await api.SignInAsync("leaver");
        using var proxy = api.Proxy();
        var engine = await leaver.TakeAsync();
        var token = (await Visitor.JsonAsync(leaver.PostAsync("/api/v1/tokens", new { name = "script" }), HttpStatusCode.Created)).GetProperty("token").GetString()!;
        (await proxy.AuthenticateAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var person = (await Visitor.JsonAsync(admin.GetAsync("/api/v1/people?search=leaver"))).EnumerateArray().ShouldHaveSingleItem();
        var path = $"/api/v1/people/{Uri.EscapeDataString(person.GetProperty("id").GetString()!)}";

        (await admin.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await Visitor.ProblemAsync(leaver.GetAsync("/api/v1/me"), HttpStatusCode.Unauthorized, "unauthenticated");
        (await proxy.AuthenticateAsync(token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var left = await Visitor.JsonAsync(admin.GetAsync($"/api/v1/engines/{engine.Id}"));
        left.GetProperty("desired").GetString().ShouldBe("Deleted");
        await Visitor.ProblemAsync(admin.DeleteAsync(path), HttpStatusCode.NotFound, "not-found");

        using var anew = await api.SignInAsync("leaver");
        (await Visitor.JsonAsync(anew.GetAsync("/api/v1/tokens"))).GetArrayLength().ShouldBe(0);
        (await Visitor.JsonAsync(anew.GetAsync("/api/v1/disks"))).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Only_administrators_see_and_delete_people_and_none_deletes_themselves()
    {
        using var admin = await api.SignInAsync("admin");
        using var manager = await api.SignInAsync("manager");
        using var bob = await api.SignInAsync("bob");
        var id = (await Visitor.JsonAsync(bob.GetAsync("/api/v1/me"))).GetProperty("id").GetString();
        foreach (var other in new[] { manager, bob })
        {
            await Visitor.ProblemAsync(other.GetAsync("/api/v1/people"), HttpStatusCode.Forbidden, "forbidden");
            await Visitor.ProblemAsync(other.DeleteAsync($"/api/v1/people/{id}"), HttpStatusCode.Forbidden, "forbidden");
            await Visitor.ProblemAsync(other.DeleteAsync("/api/v1/groups/art"), HttpStatusCode.Forbidden, "forbidden");
        }

        var me = (await Visitor.JsonAsync(admin.GetAsync("/api/v1/me"))).GetProperty("id").GetString();
        await Visitor.ProblemAsync(admin.DeleteAsync($"/api/v1/people/{me}"), HttpStatusCode.Conflict, "conflict");
        await Visitor.ProblemAsync(admin.DeleteAsync("/api/v1/groups/it"), HttpStatusCode.Conflict, "conflict");
        await Visitor.ProblemAsync(admin.DeleteAsync("/api/v1/groups/nothing"), HttpStatusCode.NotFound, "not-found");
        await Visitor.JsonAsync(bob.GetAsync("/api/v1/me"));
    }

    [Fact]
    public async Task People_come_page_by_page()
    {
        using var admin = await api.SignInAsync("admin");
        using var bob = await api.SignInAsync("bob");
        var met = new List<string>();
        for (var next = "/api/v1/people?limit=1"; next is not null;)
        {
            using var answer = await admin.GetAsync(next);
            met.AddRange(System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.EnumerateArray().Select(one => one.GetProperty("userName").GetString()!));
            next = answer.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null;
        }

        met.ShouldBeUnique();
        new[] { "admin", "bob" }.ShouldBeSubsetOf(met);
        await Visitor.ProblemAsync(admin.GetAsync("/api/v1/people?limit=0"), HttpStatusCode.BadRequest, "invalid");
    }
}
