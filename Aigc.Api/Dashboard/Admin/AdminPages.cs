using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Engines;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Templates;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Dashboard.Admin;

internal static class AdminPages
{
    private const int PageLength = 100;

    public static void MapAdminPages(this RouteGroupBuilder pages) => pages.MapGet("/admin", ShowAsync);

    private static async Task<Results<RazorComponentResult<AdminPage>, StatusCodeHttpResult>> ShowAsync(
        Page page, Caller caller, EngineViews views, TemplateStore templates, TemplateProblems problems,
        EngineId? after, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        // One more than shown tells whether there is a next page.
        var found = await views.OfEverybodyAsync(caller, after, PageLength + 1, cancellationToken);
        var engines = found.Take(PageLength).ToList();
        return new RazorComponentResult<AdminPage>(new
        {
            Page = page,
            Engines = engines,
            After = after,
            Next = found.Count > PageLength ? engines[^1].Engine.Id : (EngineId?)null,
            Owners = await views.OwnersOfAsync(engines, cancellationToken),
            Templates = await templates.ListAsync(cancellationToken),
            Problems = problems.All,
        });
    }
}
