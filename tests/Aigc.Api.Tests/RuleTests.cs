using System.Net;
using Aigc.Api.Tests.Harness;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class RuleTests(RunningApi api)
{
    [Fact]
    public async Task Administrators_lay_down_read_and_remove_rules()
    {
        using var admin = await api.SignInAsync("admin");
        var rule = new { timeout = "20m", outside = new { timeout = "5m" }, workingHours = new { days = new[] { "mon" }, from = "09:00", to = "18:00" } };
        await Visitor.JsonAsync(admin.PutAsync("/api/v1/rules/idle/group/film/vfx", rule));
        var read = await Visitor.JsonAsync(admin.GetAsync("/api/v1/rules/idle/group/film/vfx"));
        (read.GetProperty("kind").GetString(), read.GetProperty("id").GetString()).ShouldBe(("idle", "film/vfx"));
        read.GetProperty("body").GetProperty("timeout").GetString().ShouldBe("20m");
        (await Visitor.JsonAsync(admin.GetAsync("/api/v1/rules/idle"))).EnumerateArray().ShouldContain(one => one.GetProperty("id").GetString() == "film/vfx");
        (await admin.DeleteAsync("/api/v1/rules/idle/group/film/vfx")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Visitor.ProblemAsync(admin.GetAsync("/api/v1/rules/idle/group/film/vfx"), HttpStatusCode.NotFound, "not-found");
        await Visitor.ProblemAsync(admin.DeleteAsync("/api/v1/rules/idle/group/film/vfx"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task What_is_wrong_changes_nothing_and_says_what_to_do()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        await Visitor.ProblemAsync(alice.GetAsync("/api/v1/rules/idle"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(alice.PutAsync("/api/v1/rules/idle/everyone", new { timeout = "5s" }), HttpStatusCode.Forbidden, "forbidden");
        var problem = await Visitor.ProblemAsync(
            admin.PutAsync("/api/v1/rules/idle/everyone", new { timeout = "soon", color = 1 }), HttpStatusCode.UnprocessableEntity, "rule-invalid");
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetString()!).ShouldSatisfyAllConditions(
            errors => errors.ShouldContain(error => error.Contains("'timeout' 'soon' is not a duration")), errors => errors.Count().ShouldBe(2));
        await Visitor.ProblemAsync(admin.PutAsync("/api/v1/rules/idle/everyone", new[] { 1 }), HttpStatusCode.UnprocessableEntity, "rule-invalid");
        foreach (var address in new[] { "rules/sleep/everyone", "rules/idle/team/x", "rules/idle/group", "rules/idle/everyone/x" })
            await Visitor.ProblemAsync(admin.PutAsync($"/api/v1/{address}", new { }), HttpStatusCode.NotFound, null);
        await Visitor.ProblemAsync(admin.GetAsync("/api/v1/rules/idle/everyone"), HttpStatusCode.NotFound, "not-found");
    }
}
