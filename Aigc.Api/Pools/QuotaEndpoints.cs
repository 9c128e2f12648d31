using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Pools;

public static class QuotaEndpoints
{
    public static void MapQuotas(this RouteGroupBuilder api) =>
        api.MapGet("/quotas", ListAsync).WithTags("Pools").RequireScope(Scopes.EnginesRead).WithSummary("The quotas that apply to you, and how much of each is used.");

    private static async Task<Ok<IReadOnlyList<QuotaJson>>> ListAsync(Caller caller, QuotaStore quotas, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<QuotaJson>>([.. (await quotas.UseAsync(caller.UserId, caller.Group, cancellationToken)).Select(QuotaJson.Of)]);
}

/// <param name="Group">The group's id; null: your own.</param>
/// <param name="Words">In the language of the request.</param>
public sealed record QuotaJson(string Item, string? Group, decimal Limit, decimal Used, string Words)
{
    public static QuotaJson Of(QuotaUsed used) => new(
        QuotaLimit.NameOf(used.Limit.Item), used.Limit.Scope == RuleScope.Group ? used.Limit.Id : null, Whole(used.Limit.Item, used.Limit.Limit), Whole(used.Limit.Item, used.Used),
        QuotaWords.Of(used).In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName));

    private static decimal Whole(QuotaItem item, long small) => (decimal)small / QuotaLimit.PerWhole(item);
}
