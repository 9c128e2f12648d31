using System.Globalization;
using System.Text.Json;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Pools;
using Aigc.Api.Rules;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using FormResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult, Microsoft.AspNetCore.Http.HttpResults.StatusCodeHttpResult>;

namespace Aigc.Api.Dashboard.Pools;

/// <summary>Pools, quotas and shares; for administrators.</summary>
internal static class PoolPages
{
    private const string Address = "/pools";

    public static void MapPoolPages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet(Address, ShowAsync);
        forms.MapPost(Address, SaveAsync);
        forms.MapPost("/pools/order", MoveAsync);
        forms.MapPost("/pools/remove", RemoveAsync);
        forms.MapPost("/pools/prices", AddPriceAsync);
        forms.MapPost("/pools/quotas", SaveQuotaAsync);
        forms.MapPost("/pools/shares", SaveShareAsync);
        forms.MapPost("/pools/rules/remove", RemoveRuleAsync);
    }

    private static async Task<Results<RazorComponentResult<PoolsPage>, StatusCodeHttpResult>> ShowAsync(
        Page page, Caller caller, PoolActions pools, RuleStore rules, IOptions<StudioOptions> studio, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        return new RazorComponentResult<PoolsPage>(new
        {
            Page = page,
            Pools = await pools.ListAsync(cancellationToken),
            Quotas = await rules.ListAsync(RuleKind.Quota, cancellationToken),
            Shares = await rules.ListAsync(RuleKind.Share, cancellationToken),
            studio.Value.Currency,
        });
    }

    private static async Task<FormResult> SaveAsync(
        [AsParameters] PoolForm form, HttpContext context, Page page, Caller caller, PoolActions pools, PoolStore store, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        var pool = form.ToPool((await store.ListAsync(cancellationToken)).FirstOrDefault(pool => pool.Name == form.Name));
        return await pools.SaveAsync(caller, pool, cancellationToken) switch
        {
            null => Back(context, page.Text.PoolInUse, failed: true),
            { Count: > 0 } errors => Back(context, page.Text.PoolWrong(errors), failed: true),
            _ => Back(context, page.Text.PoolSaved(pool.Shown)),
        };
    }

    private static async Task<FormResult> MoveAsync(
        [FromForm] string name, [FromForm] int by, HttpContext context, Page page, Caller caller, PoolStore store, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        var names = (await store.ListAsync(cancellationToken)).Where(pool => !pool.Closed).Select(pool => pool.Name).ToList();
        var place = names.IndexOf(name);
        if (place >= 0 && place + Math.Sign(by) is var next && next >= 0 && next < names.Count)
            (names[place], names[next]) = (names[next], names[place]);
        await store.ReorderAsync(names, caller.Actor, cancellationToken);
        return Back(context, page.Text.PoolsReordered);
    }

    private static async Task<FormResult> RemoveAsync(
        [FromForm] string name, HttpContext context, Page page, Caller caller, PoolStore store, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        await store.RemoveAsync(name, caller.Actor, cancellationToken);
        return Back(context, page.Text.PoolRemoved(name));
    }

    private static async Task<FormResult> AddPriceAsync(
        [FromForm] string name, [FromForm] string price, [FromForm] string? from, HttpContext context, Page page, Caller caller, PoolActions pools,
        IOptions<StudioOptions> studio, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        var perHour = decimal.TryParse(price, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : (decimal?)null;
        var begin = DateTime.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day, studio.Value.Zone.GetUtcOffset(day)) : (DateTimeOffset?)null;
        return await pools.AddPriceAsync(caller, name, perHour, begin, cancellationToken) is null
            ? Back(context, page.Text.PriceAdded(name))
            : Back(context, page.Text.PriceNotAdded, failed: true);
    }

    private static async Task<FormResult> SaveQuotaAsync(
        [FromForm] string scope, [FromForm] string? id, HttpContext context, Page page, Caller caller, RuleActions rules, CancellationToken cancellationToken)
    {
        var fields = context.Request.Form;
        var body = Enum.GetValues<QuotaItem>().Select(QuotaLimit.NameOf)
            .Where(name => decimal.TryParse(fields[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            .ToDictionary(name => name, name => decimal.Parse(fields[name]!, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
        return await SaveRuleAsync(RuleKind.Quota, scope, id, body, context, page, caller, rules, cancellationToken);
    }

    private static Task<FormResult> SaveShareAsync(
        [FromForm] string scope, [FromForm] string? id, [FromForm] string value, HttpContext context, Page page, Caller caller, RuleActions rules,
        CancellationToken cancellationToken)
    {
        var number = decimal.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) ? read : 0;
        var body = new Dictionary<string, decimal> { [scope == "person" ? Aigc.Engines.Pools.Shares.Priority : Aigc.Engines.Pools.Shares.Weight] = number };
        return SaveRuleAsync(RuleKind.Share, scope, id, body, context, page, caller, rules, cancellationToken);
    }

    private static async Task<FormResult> SaveRuleAsync(
        RuleKind kind, string scope, string? id, Dictionary<string, decimal> body, HttpContext context, Page page, Caller caller, RuleActions rules,
        CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        var whose = scope == "everyone" ? "" : id?.Trim() ?? "";
        if (body.Count == 0 || rules.Address(Rule.Name(kind), scope, whose, out _) is not { } address)
            return Back(context, page.Text.RuleIncomplete, failed: true);
        var (_, errors) = await rules.SaveAsync(caller, address, JsonSerializer.SerializeToElement(body), cancellationToken);
        return errors.Count > 0 ? Back(context, page.Text.PoolWrong(errors), failed: true) : Back(context, page.Text.QuotaRuleSaved);
    }

    private static async Task<FormResult> RemoveRuleAsync(
        [FromForm] string kind, [FromForm] string scope, [FromForm] string? id, HttpContext context, Page page, Caller caller, RuleActions rules, RuleStore store,
        CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return Forbidden();
        if (rules.Address(kind, scope, id ?? "", out _) is { } address)
            await store.RemoveAsync(address.Form.Kind, address.Scope, address.Id, caller.Actor, cancellationToken);
        return Back(context, page.Text.QuotaRuleRemoved);
    }

    private static StatusCodeHttpResult Forbidden() => TypedResults.StatusCode(StatusCodes.Status403Forbidden);

    private static RedirectHttpResult Back(HttpContext context, string words, bool failed = false)
    {
        Messages.Leave(context, new(words, failed));
        return TypedResults.LocalRedirect(Address);
    }
}
