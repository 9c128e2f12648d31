using Aigc.Engines.People;
using Aigc.Engines.Quotas;

namespace Aigc.Engines.Storage;

/// <summary>What people and groups use of their quotas. That nothing goes beyond them, <see cref="QuotaGuard"/> sees to.</summary>
public sealed class QuotaStore(Database database, PoolStore pools, TimeProvider time, AwakeLimit limit)
{
    /// <summary>All limits that apply to this person in this group, with what is used of each.</summary>
    public async Task<IReadOnlyList<QuotaUsed>> UseAsync(UserId person, GroupId group, CancellationToken cancellationToken)
    {
        var prices = await pools.PriceListsAsync(cancellationToken);
        await using var connection = await database.OpenAsync(cancellationToken);
        var ledger = new QuotaLedger(connection, null, person, group, limit.Zone);
        var used = new List<QuotaUsed>();
        foreach (var one in await ledger.LimitsAsync(_ => true))
            used.Add(new(one, await ledger.UsedAsync(one, null, prices, time.GetUtcNow())));
        return used;
    }
}
