using System.Text.Json;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Policies;

/// <summary>What pools and rules lay down for idle engines, all of it, as it was when it was read.</summary>
public sealed class IdleRules
{
    /// <summary>The field of a pool's body.</summary>
    public const string PoolField = "idle";

    public static RuleForm Form { get; } = new(
        RuleKind.Idle, [RuleScope.Everyone, RuleScope.Group, RuleScope.Person],
        body =>
        {
            IdleFields.Read(body, out var errors);
            return errors;
        });

    private readonly Dictionary<PolicySource, IdleRule> _layers = [];
    private readonly Dictionary<string, IdleRule> _people = new(StringComparer.Ordinal);
    private readonly TimeZoneInfo _zone;

    /// <param name="pools">By the pool's name, the field of its body.</param>
    public IdleRules(IEnumerable<Rule> rules, IEnumerable<KeyValuePair<string, JsonElement>> pools, TimeZoneInfo zone)
    {
        _zone = zone;
        foreach (var rule in rules)
        {
            var read = IdleFields.Read(JsonElement.Parse(rule.Body), out _);
            if (rule.Scope == RuleScope.Person)
                _people[rule.Id] = read;
            else
                _layers[new(rule.Scope == RuleScope.Group ? PolicyLevel.Group : PolicyLevel.Everyone, rule.Id)] = read;
        }

        foreach (var (pool, body) in pools)
            _layers[new(PolicyLevel.Pool, pool)] = IdleFields.Read(body, out _);
    }

    public static async Task<IdleRules> LoadAsync(RuleStore store, TimeZoneInfo zone, CancellationToken cancellationToken) =>
        new(await store.ListAsync(RuleKind.Idle, cancellationToken), await store.ListOfPoolsAsync(PoolField, cancellationToken), zone);

    /// <summary>What applies to an engine.</summary>
    public IdlePolicy PolicyFor(Engine engine, Template template)
    {
        var layers = new List<IdleLayer> { new(template.IdleRule, new(PolicyLevel.Template)) };
        Add(new(PolicyLevel.Everyone));
        Add(new(PolicyLevel.Group, engine.Group.Value));
        if (engine.Pool is { Length: > 0 } pool)
            Add(new(PolicyLevel.Pool, pool));
        if (_people.TryGetValue(engine.Owner.Value, out var own))
            layers.Add(new(own, new(PolicyLevel.Person)));
        return new(layers, _zone);

        void Add(PolicySource source)
        {
            if (_layers.TryGetValue(source, out var rule))
                layers.Add(new(rule, source));
        }
    }
}
