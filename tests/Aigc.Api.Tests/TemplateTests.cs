using System.Net;
using Aigc.Api.Tests.Harness;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class TemplateTests(RunningApi api)
{
    [Fact]
    public async Task Templates_of_the_folder_are_offered_and_its_errors_are_shown_to_administrators()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        (await Visitor.JsonAsync(alice.GetAsync("/api/v1/templates"))).EnumerateArray()
            .ShouldContain(template => template.GetProperty("name").GetString() == "demo");
        (await Visitor.JsonAsync(admin.GetAsync("/api/v1/templates/problems"))).EnumerateArray()
            .ShouldContain(error => error.GetProperty("file").GetString() == "broken.yaml" && error.GetProperty("line").GetInt32() == 2);
        await Visitor.ProblemAsync(alice.GetAsync("/api/v1/templates/problems"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_wrong_template_is_refused_with_the_line_of_each_error()
    {
        using var admin = await api.SignInAsync("admin");
        var problem = await Visitor.ProblemAsync(
            admin.PutYamlAsync("/api/v1/templates/other", RunningApi.Demo + "\nidleTimeout: soon"), HttpStatusCode.UnprocessableEntity, "template-invalid");
        var error = problem.GetProperty("errors").EnumerateArray().Single();
        error.GetProperty("line").GetInt32().ShouldBe(6);
        error.GetProperty("field").GetString().ShouldBe("idleTimeout");
    }

    [Fact]
    public async Task Only_administrators_offer_templates_and_a_version_in_use_stays_as_it_is()
    {
        var mine = RunningApi.Demo.Replace("name: demo", "name: mine", StringComparison.Ordinal);
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        await Visitor.ProblemAsync(alice.PutYamlAsync("/api/v1/templates/mine", mine), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(admin.PutYamlAsync("/api/v1/templates/yours", mine), HttpStatusCode.UnprocessableEntity, "template-invalid");
        await Visitor.JsonAsync(admin.PutYamlAsync("/api/v1/templates/mine", mine), HttpStatusCode.Created);
        await Visitor.JsonAsync(alice.PostAsync("/api/v1/engines", new { template = "mine" }), HttpStatusCode.Created);
        await Visitor.ProblemAsync(admin.PutYamlAsync("/api/v1/templates/mine", mine + "\nidleTimeout: 7m"), HttpStatusCode.Conflict, "conflict");
        (await admin.DeleteAsync("/api/v1/templates/mine")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Visitor.ProblemAsync(admin.DeleteAsync("/api/v1/templates/mine"), HttpStatusCode.NotFound, "not-found");
    }
}
