using System.Collections.Concurrent;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Sleeping;

/// <summary>How each engine falls asleep, remembered until any rule or pool changes.</summary>
public sealed class IdlePolicies(RuleStore store, IOptions<StudioOptions> studio)
{
    private sealed record Entry(IdleRules Rules, Template Template, string? Pool, IdlePolicy Policy);

    private readonly ConcurrentDictionary<EngineId, Entry> _entries = new();
    private volatile IdleRules? _rules;

    public void Forget() => _rules = null;

    /// <summary>Reads the rules when they may have changed; before <see cref="Of"/>.</summary>
    public async ValueTask<IdleRules> RulesAsync(CancellationToken cancellationToken) =>
        _rules ??= await IdleRules.LoadAsync(store, studio.Value.Zone, cancellationToken);

    public IdlePolicy Of(Engine engine, Template template, IdleRules rules)
    {
        // Whose it is stays; the rest is what it was made of.
        if (_entries.TryGetValue(engine.Id, out var known)
            && ReferenceEquals(known.Rules, rules) && ReferenceEquals(known.Template, template) && known.Pool == engine.Pool)
            return known.Policy;
        var policy = rules.PolicyFor(engine, template);
        _entries[engine.Id] = new(rules, template, engine.Pool, policy);
        return policy;
    }

    public void KeepOnly(IReadOnlyCollection<(Engine Engine, Template Template)> engines) => _entries.KeepOnly(engines);
}
