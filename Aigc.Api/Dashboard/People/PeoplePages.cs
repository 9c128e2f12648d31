using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Engines;
using Aigc.Api.People;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Api.Dashboard.People;

/// <summary>Who there is, and the end of it; for administrators.</summary>
internal static class PeoplePages
{
    private const int PageLength = 50;

    public static void MapPeoplePages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet("/people", ListAsync);
        pages.MapGet("/people/delete", AskDeleteAsync);
        forms.MapPost("/people/delete", DeleteAsync);
    }

    private static async Task<Results<RazorComponentResult<PeoplePage>, StatusCodeHttpResult>> ListAsync(
        Page page, Caller caller, PeopleStore people, string? search, string? after, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        // One more than shown tells whether there is a next page.
        var found = await people.ListAsync(search, after is null ? null : new UserId(after), PageLength + 1, cancellationToken);
        var shown = found.Take(PageLength).ToList();
        return new RazorComponentResult<PeoplePage>(new
        {
            Page = page,
            People = shown,
            Search = search,
            Next = found.Count <= PageLength ? null : QueryHelpers.AddQueryString(
                "/people", new Dictionary<string, string?> { ["search"] = search, ["after"] = shown[^1].Id.Value }),
        });
    }

    private static async Task<Results<RazorComponentResult<DeletePersonPage>, NotFound, StatusCodeHttpResult>> AskDeleteAsync(
        string id, Page page, Caller caller, PeopleStore people, PeopleActions actions, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        return await people.FindAsync(new(id), cancellationToken) is { } person
            ? new RazorComponentResult<DeletePersonPage>(new { Page = page, Person = person, actions.KeepDisksFor })
            : TypedResults.NotFound();
    }

    private static async Task<Results<RedirectHttpResult, NotFound, StatusCodeHttpResult>> DeleteAsync(
        [FromForm] string id, HttpContext context, Page page, Caller caller, PeopleStore people, PeopleActions actions, CancellationToken cancellationToken)
    {
        var person = await people.FindAsync(new(id), cancellationToken);
        switch (await actions.DeletePersonAsync(caller, new(id), cancellationToken))
        {
            case Outcome.Forbidden:
                return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
            case Outcome.NotFound:
                return TypedResults.NotFound();
            case null:
                Messages.Leave(context, new(page.Text.DeletedPerson(person?.Name ?? id)));
                break;
            default:
                Messages.Leave(context, new(page.Text.CannotDeleteYourself, Failed: true));
                break;
        }

        return TypedResults.LocalRedirect("/people");
    }
}
