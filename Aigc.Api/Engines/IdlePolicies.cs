using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Engines;

/// <summary>How engines fall asleep, for people who ask.</summary>
public sealed class IdlePolicies(RuleStore rules, IOptions<StudioOptions> studio)
{
    public async Task<IdlePolicy> OfAsync(Engine engine, Template template, CancellationToken cancellationToken) =>
        (await IdleRules.LoadAsync(rules, studio.Value.Zone, cancellationToken)).PolicyFor(engine, template);
}
