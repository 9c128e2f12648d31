using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.SigningIn.Ending;

public static class SignInListEndpoints
{
    public static void MapSignIns(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/sign-ins").WithTags("Sign-ins").RequireScope(Scopes.EnginesManage);
        group.MapGet("", ListAsync).RequireScope(Scopes.EnginesRead).WithSummary("The browsers in which you are signed in, and since when.");
        group.MapDelete("", EndAllAsync).WithSummary("Signs you out everywhere, here included. Personal tokens stay.");
        group.MapDelete("/{id}", EndAsync).WithSummary("Signs one browser out.");
    }

    private static async Task<Ok<IReadOnlyList<SignInJson>>> ListAsync(Caller caller, ProviderAccessStore accesses, CancellationToken cancellationToken)
    {
        var own = await accesses.ListAsync(caller.UserId, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<SignInJson>>(
            [.. own.Select(access => new SignInJson(access.Id, access.BeganAt, access.Address, access.Browser, access.Key == caller.SignInKey))]);
    }

    private static async Task<NoContent> EndAllAsync(Caller caller, HttpContext context, BrowserSignIns browsers)
    {
        await browsers.EndAllAsync(caller, context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(
        string id, Caller caller, HttpContext context, ProviderAccessStore accesses, BrowserSignIns browsers, CancellationToken cancellationToken)
    {
        var own = await accesses.ListAsync(caller.UserId, cancellationToken);
        if (own.FirstOrDefault(access => access.Id == id) is not { } access)
            return Problem.NotFound("You have no such sign-in. GET /api/v1/sign-ins lists them.");
        await browsers.EndAsync(caller, access.Key, context);
        return TypedResults.NoContent();
    }
}

/// <param name="Address">Where the browser was then.</param>
/// <param name="Browser">What it called itself.</param>
/// <param name="IsThis">The one that asks.</param>
public sealed record SignInJson(string Id, DateTimeOffset BeganAt, string? Address, string? Browser, bool IsThis);
