using System.Text.Json;
using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Rules;

public static class RuleEndpoints
{
    public static void MapRules(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/rules").WithTags("Rules").RequireAuthorization(Policies.Admin).RequireScope(Scopes.Admin);
        group.MapGet("/{kind}", ListAsync).WithSummary("Administrators: the rules for everyone, groups and people. kind is idle, quota or share.");
        // Ids of groups and people may hold slashes; everyone has none.
        group.MapGet("/{kind}/{scope}/{**id}", FindAsync).WithSummary("Administrators: one rule. scope is everyone, group or person.");
        group.MapPut("/{kind}/{scope}/{**id}", SaveAsync).WithSummary("Administrators: lays down a rule; the strictest that applies counts.");
        group.MapDelete("/{kind}/{scope}/{**id}", RemoveAsync).WithSummary("Administrators: removes a rule.");
    }

    private static async Task<Results<Ok<IReadOnlyList<RuleJson>>, ProblemHttpResult>> ListAsync(
        string kind, RuleActions actions, RuleStore rules, CancellationToken cancellationToken) =>
        actions.FormOf(kind) is { } form
            ? TypedResults.Ok<IReadOnlyList<RuleJson>>([.. (await rules.ListAsync(form.Kind, cancellationToken)).Select(RuleJson.Of)])
            : Problem.NotFound(actions.Kinds);

    private static async Task<Results<Ok<RuleJson>, ProblemHttpResult>> FindAsync(
        string kind, string scope, string? id, RuleActions actions, RuleStore rules, CancellationToken cancellationToken) =>
        actions.Address(kind, scope, id ?? "", out var wrong) is not { } address ? Problem.NotFound(wrong)
        : await rules.FindAsync(address.Form.Kind, address.Scope, address.Id, cancellationToken) is { } rule ? TypedResults.Ok(RuleJson.Of(rule))
        : NoSuchRule(kind);

    private static async Task<Results<Ok<RuleJson>, ProblemHttpResult>> SaveAsync(
        string kind, string scope, string? id, JsonElement body, Caller caller, RuleActions actions, CancellationToken cancellationToken)
    {
        if (actions.Address(kind, scope, id ?? "", out var wrong) is not { } address)
            return Problem.NotFound(wrong);
        var (rule, errors) = await actions.SaveAsync(caller, address, body, cancellationToken);
        return rule is not null
            ? TypedResults.Ok(RuleJson.Of(rule))
            : Problem.Of(
                StatusCodes.Status422UnprocessableEntity, "rule-invalid", "The rule has errors",
                $"Nothing was changed. {string.Join(' ', errors)}", new Dictionary<string, object?> { ["errors"] = errors });
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string kind, string scope, string? id, Caller caller, RuleActions actions, RuleStore rules, CancellationToken cancellationToken) =>
        actions.Address(kind, scope, id ?? "", out var wrong) is not { } address ? Problem.NotFound(wrong)
        : await rules.RemoveAsync(address.Form.Kind, address.Scope, address.Id, caller.Actor, cancellationToken) ? TypedResults.NoContent()
        : NoSuchRule(kind);

    private static ProblemHttpResult NoSuchRule(string kind) => Problem.NotFound($"There is no such rule. GET /api/v1/rules/{kind} lists them.");
}

/// <param name="Id">The group's or the person's; empty for everyone.</param>
public sealed record RuleJson(string Kind, string Scope, string Id, JsonElement Body)
{
    public static RuleJson Of(Rule rule) => new(Rule.Name(rule.Kind), Rule.Name(rule.Scope), rule.Id, JsonElement.Parse(rule.Body));
}
