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
    public async Task Administrators_get_what_pulls_images_ahead_of_the_first_visit()
    {
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        var list = await Visitor.JsonAsync(admin.GetAsync("/api/v1/templates/image-pull?template=demo"));
        list.GetProperty("kind").GetString().ShouldBe("List");
        // The demo is no pod: there is nothing to pull.
        list.GetProperty("items").GetArrayLength().ShouldBe(0);
        await Visitor.ProblemAsync(admin.GetAsync("/api/v1/templates/image-pull?template=none"), HttpStatusCode.NotFound, "not-found");
        await Visitor.ProblemAsync(alice.GetAsync("/api/v1/templates/image-pull"), HttpStatusCode.Forbidden, "forbidden");
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

    [Fact]
    public async Task Administrators_import_what_a_cluster_has_and_offer_what_becomes_of_it()
    {
        const string Deployment = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: painter }
            spec:
              replicas: 3
              template:
                spec:
                  hostNetwork: true
                  containers: [{ name: painter, image: my/painter, ports: [{ containerPort: 9000 }] }]
            """;
        using var alice = await api.SignInAsync("alice");
        using var admin = await api.SignInAsync("admin");
        await Visitor.ProblemAsync(alice.PostYamlAsync("/api/v1/templates/import", Deployment), HttpStatusCode.Forbidden, "forbidden");

        var imported = await Visitor.JsonAsync(admin.PostYamlAsync("/api/v1/templates/import?name=imported", Deployment));
        var notes = imported.GetProperty("notes").EnumerateArray().ToList();
        notes.ShouldContain(note => note.GetProperty("kind").GetString() == "LeftOut" && note.GetProperty("line").GetInt32() == 5 && note.GetProperty("field").GetString() == "spec.replicas");
        notes.ShouldContain(note => note.GetProperty("kind").GetString() == "Allow" && note.GetProperty("line").GetInt32() == 8);
        (await Visitor.JsonAsync(admin.GetAsync("/api/v1/templates"))).EnumerateArray().ShouldNotContain(offered => offered.GetProperty("name").GetString() == "imported");

        var template = imported.GetProperty("template").GetString()!;
        await Visitor.ProblemAsync(admin.PutYamlAsync("/api/v1/templates/imported", template), HttpStatusCode.UnprocessableEntity, "template-invalid");
        var allowed = await Visitor.JsonAsync(admin.PostYamlAsync("/api/v1/templates/import?name=imported", Deployment.Replace("hostNetwork: true", "hostNetwork: false", StringComparison.Ordinal)));
        await Visitor.JsonAsync(admin.PutYamlAsync("/api/v1/templates/imported", allowed.GetProperty("template").GetString()!), HttpStatusCode.Created);
        (await admin.DeleteAsync("/api/v1/templates/imported")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_can_not_be_imported_is_refused_with_the_line_of_each_error()
    {
        using var admin = await api.SignInAsync("admin");
        var problem = await Visitor.ProblemAsync(
            admin.PostYamlAsync("/api/v1/templates/import", "# nothing that runs\napiVersion: batch/v1\nkind: Job\n"), HttpStatusCode.UnprocessableEntity, "import-impossible");
        problem.GetProperty("errors").EnumerateArray().Single().GetProperty("line").GetInt32().ShouldBe(2);
        await Visitor.ProblemAsync(
            admin.PostYamlAsync("/api/v1/templates/import", new string('#', 3_000_000)), HttpStatusCode.UnprocessableEntity, "import-impossible");
    }
}
