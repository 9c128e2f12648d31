using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Aigc.Api.Auditing;

public static class AuditEndpoints
{
    private const int Usual = 100;
    private const int LargestPage = 10_000;

    public static void MapAudit(this RouteGroupBuilder api) =>
        api.MapGet("/audit", ReadAsync).WithTags("Audit").RequireScope(Scopes.EnginesRead)
            .WithSummary("Who did what, newest first: everything for administrators, their group's for group managers, your own for everybody. format=csv or jsonl exports all of it.");

    private static async Task<Results<Ok<IReadOnlyList<AuditJson>>, ProblemHttpResult, EmptyHttpResult>> ReadAsync(
        [AsParameters] AuditRequest request, Caller caller, HttpContext context, AuditLog log, AuditExport export, CancellationToken cancellationToken)
    {
        var format = request.Format ?? Accepted(context.Request);
        if (format is not ("json" or "csv" or "jsonl"))
            return Problem.Invalid("format is json, csv or jsonl.");
        if (request.Limit < 1 || (format == "json" && request.Limit > LargestPage))
            return Problem.Invalid($"'limit' must be from 1 to {LargestPage}. For more, follow the header Link, or ask for format=csv or format=jsonl.");
        var query = new AuditQuery(
            AuditSight.Of(caller.SignIn), request.Limit ?? (format == "json" ? Usual : int.MaxValue), request.Actor, request.Action,
            request.Target, request.Outcome, request.From, request.To, request.After);
        context.Response.Headers.CacheControl = "no-store";
        switch (format)
        {
            case "csv":
                await export.WriteCsvAsync(context.Response, query, cancellationToken);
                return TypedResults.Empty;
            case "jsonl":
                await export.WriteLinesAsync(context.Response, query, cancellationToken);
                return TypedResults.Empty;
        }

        var page = await log.ReadAsync(query, cancellationToken);
        if (page.Count == query.Limit)
            context.Response.Headers.Link = $"<{Next(context.Request, page[^1].Place)}>; rel=\"next\"";
        return TypedResults.Ok<IReadOnlyList<AuditJson>>([.. page.Select(AuditJson.Of)]);
    }

    private static string Accepted(HttpRequest request)
    {
        foreach (var accepted in request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1))
        {
            if (accepted.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase))
                return "csv";
            if (accepted.MediaType.Value is "application/jsonl" or "application/x-ndjson")
                return "jsonl";
        }

        return "json";
    }

    private static string Next(HttpRequest request, AuditPlace after)
    {
        var query = new QueryBuilder(request.Query.Where(one => one.Key != "after")) { { "after", after.ToString() } };
        return $"{request.Path}{query}";
    }
}

/// <param name="Actor">A person's id or user name.</param>
/// <param name="Action">Such as <c>engine.wake</c>.</param>
/// <param name="Target">The id of what it was done to, or an engine's host label.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Limit">1 to 10000, of JSON 100 if not said.</param>
/// <param name="After">From the header Link of the page before.</param>
/// <param name="Format"><c>json</c>, <c>csv</c> or <c>jsonl</c>; the header Accept says the same.</param>
public sealed record AuditRequest(
    string? Actor, string? Action, string? Target, AuditOutcome? Outcome, DateTimeOffset? From, DateTimeOffset? To,
    int? Limit, AuditPlace? After, string? Format);
