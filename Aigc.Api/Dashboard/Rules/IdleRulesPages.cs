using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Rules;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PageResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<Aigc.Api.Dashboard.Rules.IdleRulesPage>,
    Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult,
    Microsoft.AspNetCore.Http.HttpResults.StatusCodeHttpResult>;

namespace Aigc.Api.Dashboard.Rules;

/// <summary>When engines fall asleep, for everyone, a group or a person; for administrators.</summary>
internal static class IdleRulesPages
{
    private const string Path = "/rules/idle";

    public static void MapIdleRulesPages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet(Path, ShowAsync);
        forms.MapPost(Path, SaveAsync);
        forms.MapPost($"{Path}/remove", RemoveAsync);
    }

    /// <summary>The page with this rule in its form.</summary>
    public static string Address(Rule rule) => $"{Path}?scope={Rule.Name(rule.Scope)}&id={Uri.EscapeDataString(rule.Id)}#edit";

    private static async Task<PageResult> ShowAsync(
        Page page, Caller caller, RuleStore rules, RuleActions actions, string? scope, string? id, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var chosen = scope is not null && actions.Address(Rule.Name(RuleKind.Idle), scope, id ?? "", out _) is { } address
            ? await rules.FindAsync(RuleKind.Idle, address.Scope, address.Id, cancellationToken)
            : null;
        return await PageAsync(page, rules, chosen is null ? new() : IdleRuleForm.Of(chosen), [], cancellationToken);
    }

    private static async Task<PageResult> SaveAsync(
        HttpContext context, Page page, Caller caller, RuleStore rules, RuleActions actions, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var form = IdleRuleForm.Of(await context.Request.ReadFormAsync(cancellationToken));
        var id = form.Scope == Rule.Name(RuleScope.Everyone) ? "" : form.Id ?? "";
        if (actions.Address(Rule.Name(RuleKind.Idle), form.Scope, id, out var wrong) is not { } address)
            return await PageAsync(page, rules, form, [wrong], cancellationToken);
        var (rule, errors) = await actions.SaveAsync(caller, address, form.ToBody(), cancellationToken);
        if (rule is null)
            return await PageAsync(page, rules, form, errors, cancellationToken);
        Messages.Leave(context, new(page.Text.RuleSaved));
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<PageResult> RemoveAsync(
        [FromForm] string scope, [FromForm] string? id, HttpContext context, Page page, Caller caller, RuleStore rules, RuleActions actions,
        CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        if (actions.Address(Rule.Name(RuleKind.Idle), scope, id ?? "", out _) is { } address)
            await rules.RemoveAsync(RuleKind.Idle, address.Scope, address.Id, caller.Actor, cancellationToken);
        Messages.Leave(context, new(page.Text.RuleRemoved));
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<RazorComponentResult<IdleRulesPage>> PageAsync(
        Page page, RuleStore rules, IdleRuleForm form, IReadOnlyList<string> wrong, CancellationToken cancellationToken) =>
        new(new { Page = page, Rules = await rules.ListAsync(RuleKind.Idle, cancellationToken), Form = form, Wrong = wrong });
}
