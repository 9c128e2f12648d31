using System.Text;
using System.Text.Json.Nodes;
using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Templates.Importing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Templates;

public static class TemplateEndpoints
{
    public static void MapTemplates(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/templates").WithTags("Templates").RequireScope(Scopes.EnginesRead);
        group.MapGet("", ListAsync).WithSummary("The templates on offer.");
        var admin = group.MapGroup("").RequireAuthorization(Policies.Admin).RequireScope(Scopes.Admin);
        admin.MapGet("/problems", Problems).WithSummary("What is wrong with the files of the templates folder.");
        admin.MapGet("/image-pull", ImagePullAsync).WithSummary("Kubernetes objects that bring the templates' images to the machines ahead of the first visit.");
        admin.MapPost("/import", ImportAsync).Accepts<string>("text/yaml", "application/yaml", "text/plain")
            .WithSummary("Makes a template of Kubernetes YAML, for you to read and PUT.");
        admin.MapPut("/{name}", SaveAsync).Accepts<string>("text/yaml", "application/yaml", "text/plain")
            .WithSummary("Offers a template, written in YAML.");
        admin.MapDelete("/{name}", RemoveAsync)
            .WithSummary("Takes a template off offer; engines that use it go on.");
    }

    private static async Task<Ok<IReadOnlyList<OfferedTemplate>>> ListAsync(TemplateStore templates, CancellationToken cancellationToken)
    {
        var offered = await templates.ListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<OfferedTemplate>>([.. offered.Select(OfferedTemplate.Of)]);
    }

    private static Ok<IReadOnlyList<TemplateError>> Problems(TemplateProblems problems) => TypedResults.Ok(problems.All);

    /// <param name="template">Of one template; null: of all on offer.</param>
    /// <param name="pause">The image that stays on the machine; it only waits to be ended.</param>
    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> ImagePullAsync(
        string? template, string? pause, TemplateStore templates, CancellationToken cancellationToken)
    {
        var offered = await templates.ListAsync(cancellationToken);
        var wanted = template is null ? offered : [.. offered.Where(one => one.Name == template)];
        return template is not null && wanted.Count == 0 ? NotOffered(template) : TypedResults.Ok(ImagePull.ListOf(wanted, pause ?? ImagePull.DefaultPause));
    }

    /// <param name="workload">Which one, where the YAML has several.</param>
    private static async Task<Results<Ok<Imported>, ProblemHttpResult>> ImportAsync(
        string? name, string? workload, HttpRequest request, PodAllowance allowance, CancellationToken cancellationToken)
    {
        var imported = TemplateImport.Read("import.yaml", await ImportSource.ReadAsync(request.Body, cancellationToken), name, workload, allowance);
        return imported.Source is { } template
            ? TypedResults.Ok(new Imported(template, imported.Notes))
            : Problem.Of(
                StatusCodes.Status422UnprocessableEntity, "import-impossible", "This does not become a template",
                "Correct what 'errors' names, line by line, and send it again.", new Dictionary<string, object?> { ["errors"] = imported.Errors });
    }

    private static async Task<Results<Ok<OfferedTemplate>, Created<OfferedTemplate>, ProblemHttpResult>> SaveAsync(
        string name, Caller caller, HttpRequest request, TemplateStore templates, PodAllowance allowance, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var source = await reader.ReadToEndAsync(cancellationToken);
        var file = TemplateReader.Read($"{name}.yaml", source, allowance);
        if (file.Template is not { } template)
            return NotATemplate(file.Errors);
        if (template.Name != name)
            return NotATemplate([new(file.File, 1, 1, "name", $"is '{template.Name}', but the address says '{name}'; make them the same.")]);
        return await templates.SaveAsync(template, source, caller.Actor, cancellationToken) switch
        {
            SaveTemplateResult.Created => TypedResults.Created($"/api/v1/templates/{name}", OfferedTemplate.Of(template)),
            SaveTemplateResult.Updated => TypedResults.Ok(OfferedTemplate.Of(template)),
            _ => Problem.Conflict(TemplateProblems.VersionInUse(template)),
        };
    }

    private static ProblemHttpResult NotATemplate(IReadOnlyList<TemplateError> errors) => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "template-invalid", "The template has errors",
        "Nothing was changed. Correct what 'errors' names, line by line, and send the file again.",
        new Dictionary<string, object?> { ["errors"] = errors });

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string name, Caller caller, TemplateStore templates, CancellationToken cancellationToken) =>
        await templates.RemoveAsync(name, caller.Actor, cancellationToken)
            ? TypedResults.NoContent()
            : NotOffered(name);

    private static ProblemHttpResult NotOffered(string name) => Problem.NotFound($"There is no template '{name}'. GET /api/v1/templates lists those on offer.");

    /// <param name="Template">YAML.</param>
    /// <param name="Notes">What was left out or guessed, and what has to be looked at or allowed.</param>
    private sealed record Imported(string Template, IReadOnlyList<ImportNote> Notes);
}
