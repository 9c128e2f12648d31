using System.Text.Json;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;

namespace Aigc.Engines.Quotas;

/// <summary>What each person and group may use. Every limit that applies holds: the strictest is reached first.</summary>
public sealed class QuotaRules(IReadOnlyList<QuotaLimit> limits)
{
    private const decimal Largest = 1_000_000_000;

    public static QuotaRules None { get; } = new([]);

    public static RuleForm Form { get; } = new(RuleKind.Quota, [RuleScope.Everyone, RuleScope.Group, RuleScope.Person], Check);

    public IReadOnlyList<QuotaLimit> Limits => limits;

    public static QuotaRules Of(IEnumerable<Rule> rules) => new([.. rules.SelectMany(LimitsOf)]);

    /// <summary>Those that apply to this person in this group.</summary>
    public IEnumerable<QuotaLimit> For(UserId person, GroupId group) => limits.Where(limit => limit.Scope switch
    {
        RuleScope.Everyone => true,
        RuleScope.Group => limit.Id == group.Value,
        _ => limit.Id == person.Value,
    });

    /// <summary>What keeps an engine from being placed there now; null: nothing.</summary>
    public QuotaUsed? RefusalOf(UserId person, GroupId group, Placement placement, bool sharesMemory, GpuUse use)
    {
        if (limits.Count == 0)
            return null;
        foreach (var limit in For(person, group))
        {
            var more = limit.Item == QuotaItem.Gpus ? placement.MilliGpus : limit.Item == QuotaItem.GpuMemory && sharesMemory ? placement.Units : 0;
            if (more == 0)
                continue;
            var used = limit.Scope == RuleScope.Group ? use.Of(group) : use.Of(person);
            var now = limit.Item == QuotaItem.Gpus ? used.MilliGpus : used.Memory;
            if (now + more > limit.Limit)
                return new(limit, now);
        }

        return null;
    }

    private static IEnumerable<QuotaLimit> LimitsOf(Rule rule) =>
        from field in JsonElement.Parse(rule.Body).EnumerateObject()
        let item = QuotaLimit.ItemOf(field.Name)
        where item is not null
        select new QuotaLimit(item.Value, rule.Scope, rule.Id, (long)(field.Value.GetDecimal() * QuotaLimit.PerWhole(item.Value)));

    private static List<string> Check(JsonElement body)
    {
        var errors = new List<string>();
        foreach (var field in body.EnumerateObject())
        {
            if (QuotaLimit.ItemOf(field.Name) is not { } item)
                errors.Add($"'{field.Name}' is no field of a quota. There are {string.Join(", ", Enum.GetValues<QuotaItem>().Select(QuotaLimit.NameOf))}.");
            else if (field.Value.ValueKind != JsonValueKind.Number || !field.Value.TryGetDecimal(out var number) || number is < 0 or > Largest
                || number * QuotaLimit.PerWhole(item) is var small && small != decimal.Truncate(small))
                errors.Add($"'{field.Name}' is a number from 0 to {Largest}{(QuotaLimit.PerWhole(item) == 1 ? ", without fractions" : "")}; leave it out for no limit.");
        }

        return errors;
    }
}
