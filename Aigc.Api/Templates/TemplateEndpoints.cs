using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Templates;

public static class TemplateEndpoints
{
    public static void MapTemplates(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/templates").WithTags("Templates");
        group.MapGet("", ListAsync).WithSummary("The templates on offer.");
        group.MapDelete("/{name}", RemoveAsync).RequireAuthorization(Policies.Admin)
            .WithSummary("Takes a template off offer; engines that use it go on.");
    }

    private static async Task<Ok<IReadOnlyList<TemplateJson>>> ListAsync(TemplateStore templates, CancellationToken cancellationToken)
    {
        var offered = await templates.ListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<TemplateJson>>([.. offered.Select(TemplateJson.Of)]);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string name, TemplateStore templates, CancellationToken cancellationToken) =>
        await templates.RemoveAsync(name, cancellationToken)
            ? TypedResults.NoContent()
            : Problem.NotFound($"There is no template '{name}'. GET /api/v1/templates lists those on offer.");
}

/// <param name="Title">In the language of the request.</param>
/// <param name="Icon">An emoji or up to two letters.</param>
/// <param name="IdleTimeout">Its engines sleep after this long without activity.</param>
public sealed record TemplateJson(
    string Name, string Title, string Description, string Icon, string Version, TimeSpan IdleTimeout, TimeSpan StartTimeout, TimeSpan StopTimeout)
{
    public static TemplateJson Of(Template template)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        return new(
            template.Name, template.Title.In(language), template.Description.In(language), template.Icon, template.Version,
            template.IdleTimeout, template.StartTimeout, template.StopTimeout);
    }
}
