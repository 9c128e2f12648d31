using System.Text.Json;
using Aigc.Engines.People;
using Aigc.Engines.Policies;

namespace Aigc.Engines.Pools;

/// <summary>How groups share what becomes free, and who goes first within one.</summary>
public sealed class Shares
{
    public const string Weight = "weight";
    public const string Priority = "priority";
    public const double LargestWeight = 1000;
    public const int HighestPriority = 10;

    private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _priorities = new(StringComparer.Ordinal);

    public static Shares Equal { get; } = new();

    public static RuleForm Form { get; } = new(RuleKind.Share, [RuleScope.Group, RuleScope.Person], Check);

    /// <summary>A group's weight, and a person's priority.</summary>
    public static Shares Of(IEnumerable<Rule> rules)
    {
        var shares = new Shares();
        foreach (var rule in rules)
        {
            var body = JsonElement.Parse(rule.Body);
            if (rule.Scope == RuleScope.Group && body.TryGetProperty(Weight, out var weight))
                shares._weights[rule.Id] = weight.GetDouble();
            if (rule.Scope == RuleScope.Person && body.TryGetProperty(Priority, out var priority))
                shares._priorities[rule.Id] = priority.GetInt32();
        }

        return shares;
    }

    public double WeightOf(GroupId group) => group.Value is { } id && _weights.TryGetValue(id, out var weight) ? weight : 1;

    public int PriorityOf(UserId person) => _priorities.GetValueOrDefault(person.Value);

    private static List<string> Check(JsonElement body)
    {
        var errors = new List<string>();
        foreach (var field in body.EnumerateObject())
        {
            if (field.Name == Weight && !(field.Value.ValueKind == JsonValueKind.Number && field.Value.GetDouble() is > 0 and <= LargestWeight))
                errors.Add($"'weight' is a number above 0, up to {LargestWeight}: a group with 2 gets twice as much as one with 1, which is what groups without a rule have.");
            else if (field.Name == Priority && !(field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt32(out var priority) && priority is >= -HighestPriority and <= HighestPriority))
                errors.Add($"'priority' is a whole number from -{HighestPriority} to {HighestPriority}; who has no rule has 0.");
            else if (field.Name is not (Weight or Priority))
                errors.Add($"'{field.Name}' is no field of a share. Groups have 'weight', people 'priority'.");
        }

        return errors;
    }
}
