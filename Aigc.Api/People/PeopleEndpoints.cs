using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Api.Problems;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Api.People;

public static class PeopleEndpoints
{
    private const int LargestPage = 1_000;

    public static void MapPeople(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("People").RequireScope(Scopes.Admin);
        group.MapGet("/people", ListAsync).WithSummary("Administrators: who has signed in, in pages with the header Link.");
        // Subjects of providers may hold slashes.
        group.MapDelete("/people/{**id}", DeletePersonAsync).WithSummary("Administrators: deletes a person; disks are kept for a while.");
        group.MapDelete("/groups/{**id}", DeleteGroupAsync).WithSummary("Administrators: deletes a group with all its people.");
    }

    private static async Task<Results<Ok<IReadOnlyList<PersonJson>>, ProblemHttpResult>> ListAsync(
        Caller caller, PeopleStore people, HttpResponse response, CancellationToken cancellationToken,
        string? search = null, string? after = null, int limit = 100)
    {
        if (caller.Role != Role.Admin)
            return Problem.Forbidden("Only administrators see who there is. GET /api/v1/me is yourself.");
        if (limit is < 1 or > LargestPage)
            return Problem.Invalid($"'limit' must be from 1 to {LargestPage}.");
        var page = await people.ListAsync(search, after is null ? null : new UserId(after), limit, cancellationToken);
        if (page.Count == limit)
        {
            var next = QueryHelpers.AddQueryString(
                "/api/v1/people", new Dictionary<string, string?> { ["search"] = search, ["limit"] = $"{limit}", ["after"] = page[^1].Id.Value });
            response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return TypedResults.Ok<IReadOnlyList<PersonJson>>([.. page.Select(PersonJson.Of)]);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeletePersonAsync(
        string id, Caller caller, PeopleActions actions, CancellationToken cancellationToken) =>
        Answer(await actions.DeletePersonAsync(caller, new(id), cancellationToken), "There is no such person. GET /api/v1/people lists them.");

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteGroupAsync(
        string id, Caller caller, PeopleActions actions, CancellationToken cancellationToken) =>
        Answer(await actions.DeleteGroupAsync(caller, new(id), cancellationToken), "There is no such group.");

    private static Results<NoContent, ProblemHttpResult> Answer(Outcome? refused, string nobody) => refused switch
    {
        null => TypedResults.NoContent(),
        Outcome.NotFound => Problem.NotFound(nobody),
        _ => refused.ToProblem(),
    };
}

public sealed record PersonJson(string Id, string UserName, string Name, string? Email, string Group, Role Role)
{
    public static PersonJson Of(Person person) =>
        new(person.Id.Value, person.UserName, person.Name, person.Email, person.Group.Value, person.Role);
}
