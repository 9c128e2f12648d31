using Aigc.Api.Callers;
using Aigc.Api.Costs;
using Aigc.Api.Dashboard.Layout;
using Aigc.Engines.Metering;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc.Api.Dashboard.Costs;

/// <summary>What it cost: everybody's own; for managers their group's, for administrators everybody's.</summary>
internal static class CostPages
{
    public static void MapCostPages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet("/costs", ShowAsync);
        forms.MapPost("/costs/bills", EnterAsync);
        forms.MapPost("/costs/bills/{id}/withdraw", WithdrawAsync);
    }

    private static async Task<Results<RazorComponentResult<CostPage>, RedirectHttpResult, StatusCodeHttpResult>> ShowAsync(
        HttpContext context, Page page, Caller caller, [AsParameters] CostFilter filter, CostReports reports, BillStore bills, CostStore store, CancellationToken cancellationToken)
    {
        if (filter.Read(caller, reports.Today).Question is not { } question)
        {
            Messages.Leave(context, new(page.Text.WrongCosts, Failed: true));
            return TypedResults.LocalRedirect("/costs");
        }

        if (question.SightOf(caller) is not { } sight)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var (table, days) = await reports.OverviewAsync(question, sight, cancellationToken);
        var waits = await reports.WaitsAsync(question, sight, cancellationToken);
        var isAdmin = caller.Role == Role.Admin;
        return new RazorComponentResult<CostPage>(new
        {
            Page = page,
            Question = question,
            Choices = Enum.GetValues<CostScope>().Where(scope => (question with { Of = scope }).SightOf(caller) is not null).ToList(),
            reports.Today,
            reports.Currency,
            Zone = reports.Zone.Id,
            table.Total,
            Rows = await reports.NamedAsync(table, cancellationToken),
            Forecast = await reports.ForecastAsync(sight, cancellationToken),
            Charts = new CostCharts(page.Text, reports.Currency, days, waits, sight.IsEverything ? await reports.CapacityAsync(cancellationToken) : null).All,
            Bills = isAdmin ? await bills.ListAsync(cancellationToken) : null,
            Pools = isAdmin ? (await store.PoolsAsync(cancellationToken)).Select(pool => pool.Name).ToList() : [],
        });
    }

    private static async Task<Results<RedirectHttpResult, StatusCodeHttpResult>> EnterAsync(
        [FromForm] string? pool, [FromForm] string? from, [FromForm] string? last, [FromForm] string? amount, [FromForm] string? gpus, [FromForm] string? note,
        HttpContext context, Page page, Caller caller, BillActions actions, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var (bills, mistake) = await actions.EnterAsync(caller, new(pool, from, CostFilter.Next(last), amount, gpus, note), cancellationToken);
        Messages.Leave(context, mistake is null ? new(page.Text.BillEntered(bills[0].Pool)) : new(page.Text.BillWrong(mistake.Split(':')[0]), Failed: true));
        return TypedResults.LocalRedirect("/costs");
    }

    private static async Task<Results<RedirectHttpResult, NotFound, StatusCodeHttpResult>> WithdrawAsync(
        string id, HttpContext context, Page page, Caller caller, BillStore bills, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        if (!await bills.WithdrawAsync(id, caller.Actor, cancellationToken))
            return TypedResults.NotFound();
        Messages.Leave(context, new(page.Text.BillWithdrawn));
        return TypedResults.LocalRedirect("/costs");
    }
}
