using System.Text.Json;
using Aigc.Api.Callers;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;

namespace Aigc.Api.Rules;

/// <summary>What administrators lay down, for REST and dashboard alike. Each kind that is registered as a <see cref="RuleForm"/> has its rules here.</summary>
public sealed class RuleActions(IEnumerable<RuleForm> forms, RuleStore rules)
{
    private const int LongestBody = 4096;

    private readonly Dictionary<string, RuleForm> _forms = forms.ToDictionary(form => Rule.Name(form.Kind), StringComparer.Ordinal);

    /// <summary>What to say to whoever asked for another kind.</summary>
    public string Kinds => $"There are rules of the kinds {string.Join(", ", _forms.Keys.Order(StringComparer.Ordinal))}: GET /api/v1/rules/{{kind}}.";

    public RuleForm? FormOf(string kind) => _forms.GetValueOrDefault(kind);

    /// <param name="wrong">Why there is no rule at this address, and what is.</param>
    public RuleAddress? Address(string kind, string scope, string id, out string wrong)
    {
        wrong = "";
        if (FormOf(kind) is not { } form)
        {
            wrong = Kinds;
            return null;
        }

        foreach (var one in form.Scopes.Where(one => Rule.Name(one) == scope && (id.Length == 0) == (one == RuleScope.Everyone)))
            return new(form, one, id);
        var addresses = form.Scopes.Select(one => $"{kind}/{Rule.Name(one)}{(one == RuleScope.Everyone ? "" : "/{id}")}");
        wrong = $"Rules of this kind are at /api/v1/rules/{string.Join(", ", addresses)}.";
        return null;
    }

    /// <returns>The rule, or what is wrong with it.</returns>
    public async Task<(Rule? Rule, IReadOnlyList<string> Errors)> SaveAsync(
        Caller caller, RuleAddress address, JsonElement body, CancellationToken cancellationToken)
    {
        if (body.ValueKind != JsonValueKind.Object || body.GetRawText().Length > LongestBody)
            return (null, [$"A rule is a JSON object of at most {LongestBody} characters."]);
        var errors = address.Form.Check(body);
        if (errors.Count > 0)
            return (null, errors);
        var rule = new Rule(address.Form.Kind, address.Scope, address.Id, JsonSerializer.Serialize(body));
        await rules.SaveAsync(rule, caller.Actor, cancellationToken);
        return (rule, []);
    }
}

/// <param name="Id">Empty for everyone.</param>
public sealed record RuleAddress(RuleForm Form, RuleScope Scope, string Id);
