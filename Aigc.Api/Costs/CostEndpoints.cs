using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Engines.Metering;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Costs;

public static class CostEndpoints
{
    public static void MapCosts(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("Costs").RequireScope(Scopes.EnginesRead);
        group.MapGet("/costs", ReadAsync)
            .WithSummary("What it cost, by person, group, template, version, pool, engine or day: your own; your group's for its manager, everybody's for administrators. format=csv exports it.");
        group.MapGet("/costs/focus", FocusAsync)
            .WithSummary($"The same as FOCUS {FocusExport.Version} CSV, a row for each charge, for tools that compare costs across suppliers.");
    }

    private static async Task<Results<Ok<CostAnswer>, ProblemHttpResult, EmptyHttpResult>> ReadAsync(
        [AsParameters] CostRequest request, Caller caller, CostReports reports, HttpContext context, CancellationToken cancellationToken)
    {
        if (request.Format is not (null or "json" or "csv"))
            return Problem.Invalid("'format' is json or csv.");
        if (Ask(request, caller, reports, out var question, out var sight) is { } wrong)
            return wrong;
        var table = await reports.TableAsync(question, sight, cancellationToken);
        var rows = (await reports.NamedAsync(table, cancellationToken)).Select(row => CostRowJson.Of(row.Key, row.Name, row.Sum)).ToList();
        context.Response.Headers.CacheControl = "no-store";
        if (request.Format == "csv")
        {
            await CostExport.WriteAsync(context.Response, question, reports.Currency, rows, cancellationToken);
            return TypedResults.Empty;
        }

        return TypedResults.Ok(new CostAnswer(
            question.From, question.To, question.By.ToString().ToLowerInvariant(), question.Of.ToString().ToLowerInvariant(), reports.Currency, reports.Zone.Id,
            CostRowJson.Of("", "", table.Total), rows, Money.Of(await reports.ForecastAsync(sight, cancellationToken))));
    }

    private static async Task<Results<ProblemHttpResult, EmptyHttpResult>> FocusAsync(
        [AsParameters] CostRequest request, Caller caller, CostReports reports, FocusExport export, HttpContext context, CancellationToken cancellationToken)
    {
        if (Ask(request, caller, reports, out var question, out var sight) is { } wrong)
            return wrong;
        await export.WriteAsync(context.Response, question, reports.ChargesAsync(question, sight, cancellationToken), cancellationToken);
        return TypedResults.Empty;
    }

    private static ProblemHttpResult? Ask(CostRequest request, Caller caller, CostReports reports, out CostQuestion question, out CostSight sight)
    {
        (question, sight) = (null!, null!);
        var (read, mistake) = request.Read(caller, reports.Today);
        if (read is null)
            return Problem.Invalid(mistake!);
        if (read.SightOf(caller) is not { } seen)
            return Problem.Forbidden("'of=group' is for the group's manager and 'of=all' for administrators. Ask for of=mine.");
        (question, sight) = (read, seen);
        return null;
    }
}
