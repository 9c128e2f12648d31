using System.Text.Json;
using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Engines.Metering;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Costs;

public static class BillEndpoints
{
    private const int LargestFile = 1024 * 1024;

    public static void MapBills(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/bills").WithTags("Costs").RequireScope(Scopes.Admin);
        group.MapGet("", ListAsync).WithSummary("Administrators: what pools really cost, as far as it was entered and not withdrawn.");
        group.MapPost("", EnterAsync).Accepts<BillForm>("application/json", "text/csv")
            .WithSummary("Administrators: enters a bill, or a CSV file of bills. It is shared out among those who had the pool's GPUs in its days, to the last unit.");
        group.MapDelete("/{id}", WithdrawAsync).WithSummary("Administrators: withdraws a bill. Its days cost their prices again.");
    }

    private static async Task<Results<Ok<IReadOnlyList<BillJson>>, ProblemHttpResult>> ListAsync(Caller caller, BillStore bills, CancellationToken cancellationToken) =>
        caller.Role == Role.Admin
            ? TypedResults.Ok<IReadOnlyList<BillJson>>([.. (await bills.ListAsync(cancellationToken)).Select(BillJson.Of)])
            : Forbidden();

    private static async Task<Results<Created<IReadOnlyList<BillJson>>, ProblemHttpResult>> EnterAsync(
        Caller caller, BillActions actions, HttpContext context, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        if (context.Request.ContentLength > LargestFile)
            return Problem.Of(StatusCodes.Status413PayloadTooLarge, "too-large", "Too large", "A file of bills has at most 1 MB. Enter them in several files.");
        var (bills, mistake) = IsCsv(context.Request)
            ? await actions.EnterFileAsync(caller, await TextOfAsync(context.Request, cancellationToken), cancellationToken)
            : await FormOfAsync(context.Request, cancellationToken) is { } form
                ? await actions.EnterAsync(caller, form, cancellationToken)
                : ([], "The body is a bill as JSON with pool, from, to and amount, or a CSV file of them as text/csv.");
        return mistake is null
            ? TypedResults.Created("/api/v1/bills", (IReadOnlyList<BillJson>)[.. bills.Select(BillJson.Of)])
            : Problem.Invalid(mistake);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(
        string id, Caller caller, BillStore bills, CancellationToken cancellationToken) =>
        caller.Role != Role.Admin ? Forbidden()
        : await bills.WithdrawAsync(id, caller.Actor, cancellationToken) ? TypedResults.NoContent()
        : Problem.NotFound("There is no such bill, or it is withdrawn. GET /api/v1/bills lists them.");

    private static ProblemHttpResult Forbidden() => Problem.Forbidden("Only administrators enter and see bills. GET /api/v1/costs is what your own engines cost.");

    private static bool IsCsv(HttpRequest request) => request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) ?? false;

    private static async Task<string> TextOfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static async Task<BillForm?> FormOfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync<Dictionary<string, JsonElement>>(request.Body, cancellationToken: cancellationToken);
            // Amounts may be numbers or text: neither loses a digit.
            return body is null ? null : BillForm.Of(name => body.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="To">The day after the last.</param>
/// <param name="Gpus">How many it pays for; null: unknown, and all of it is shared out among those who used any.</param>
public sealed record BillJson(
    string Id, string Pool, DateOnly From, DateOnly To, decimal Amount, decimal? Gpus, string? Note, DateTimeOffset EnteredAt, string EnteredBy)
{
    public static BillJson Of(Bill bill) =>
        new(bill.Id, bill.Pool, bill.From, bill.To, Money.Of(bill.Micros), bill.MilliGpus / 1000m, bill.Note, bill.EnteredAt, bill.EnteredBy);
}
