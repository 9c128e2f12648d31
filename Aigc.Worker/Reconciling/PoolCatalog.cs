using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;

namespace Aigc.Worker.Reconciling;

/// <summary>Reads pools and rules for the queue: at the beginning of a term, and whenever they may have changed.</summary>
public sealed class PoolCatalog(PoolStore pools, RuleStore rules, Allocator queue)
{
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var shares = Shares.Of(await rules.ListAsync(RuleKind.Share, cancellationToken));
        var quotas = QuotaRules.Of(await rules.ListAsync(RuleKind.Quota, cancellationToken));
        queue.Update(await pools.ListAsync(cancellationToken), quotas, shares);
    }
}
