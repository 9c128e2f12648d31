using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Api.Problems;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Access;

public static class AccessEndpoints
{
    public static void MapAccess(this RouteGroupBuilder engines)
    {
        var group = engines.MapGroup("/{id:length(32)}").WithTags("Access");
        group.MapGet("/shares", ListSharesAsync).WithSummary("Whom the engine is shared with.");
        group.MapPost("/shares", ShareAsync).WithSummary("Lets a person, or the engine's group, look at it.");
        group.MapDelete("/shares/{share}", UnshareAsync).WithSummary("Takes a share back; what is open through it is closed.");
        group.MapGet("/admin-access", ListAccessesAsync).WithSummary("Which administrators have opened the engine, now and in the last seven days.");
        group.MapPost("/admin-access", OpenAsync).WithSummary("Administrators: opens somebody's engine for a limited time. The owner is told.");
        group.MapDelete("/admin-access", CloseAsync).WithSummary("Ends it: the owner everybody's access, an administrator their own.");
    }

    private static async Task<Results<Ok<IReadOnlyList<ShareJson>>, ProblemHttpResult>> ListSharesAsync(
        EngineId id, Caller caller, AccessActions actions, CancellationToken cancellationToken)
    {
        var (outcome, shares) = await actions.SharesAsync(caller, id, cancellationToken);
        return outcome is Outcome.Ok ? TypedResults.Ok<IReadOnlyList<ShareJson>>([.. shares.Select(ShareJson.Of)]) : outcome.ToProblem();
    }

    private static async Task<Results<Ok<ShareJson>, ProblemHttpResult>> ShareAsync(
        EngineId id, ShareRequest request, Caller caller, AccessActions actions, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.UserName) != request.Group)
            return Problem.Invalid("Say whom to share with: {\"userName\": \"bob\"}, or {\"group\": true} for everybody of the engine's group.");
        var (outcome, shares) = await actions.ShareAsync(caller, id, request.Group ? null : request.UserName, cancellationToken);
        return outcome is Outcome.Ok ? TypedResults.Ok(ShareJson.Of(shares[0])) : outcome.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnshareAsync(
        EngineId id, string share, Caller caller, AccessActions actions, CancellationToken cancellationToken) =>
        Ended(await actions.UnshareAsync(caller, id, share, cancellationToken), "There is no such share. GET shares lists them.");

    private static async Task<Results<Ok<IReadOnlyList<AdminAccessJson>>, ProblemHttpResult>> ListAccessesAsync(
        EngineId id, Caller caller, AccessActions actions, CancellationToken cancellationToken)
    {
        var (outcome, accesses) = await actions.AccessesAsync(caller, id, cancellationToken);
        return outcome is Outcome.Ok ? TypedResults.Ok<IReadOnlyList<AdminAccessJson>>([.. accesses.Select(AdminAccessJson.Of)]) : outcome.ToProblem();
    }

    private static async Task<Results<Ok<AdminAccessJson>, ProblemHttpResult>> OpenAsync(
        EngineId id, AdminAccessRequest request, Caller caller, AccessActions actions, CancellationToken cancellationToken)
    {
        var (outcome, accesses) = await actions.OpenAsync(caller, id, request.Reason, TimeSpan.FromMinutes(request.Minutes), cancellationToken);
        return outcome is Outcome.Ok ? TypedResults.Ok(AdminAccessJson.Of(accesses[0])) : outcome.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> CloseAsync(
        EngineId id, Caller caller, AccessActions actions, CancellationToken cancellationToken) =>
        Ended(await actions.CloseAsync(caller, id, cancellationToken), "Nobody has opened this engine.");

    private static Results<NoContent, ProblemHttpResult> Ended(AccessOutcome ended, string nothing) => ended.Outcome switch
    {
        Outcome.Ok => TypedResults.NoContent(),
        Outcome.NotFound => Problem.NotFound(nothing),
        var other => other.ToProblem(),
    };
}
