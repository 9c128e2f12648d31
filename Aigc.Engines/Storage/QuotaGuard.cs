using System.Data.Common;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Lets a transaction pass that wakes an engine or gives it compute, unless that goes beyond a quota. Whoever else does the same waits until it is done.</summary>
internal static class QuotaGuard
{
    /// <summary>An engine on its way from asleep to awake. The owner's lock is held.</summary>
    /// <returns>What is nearly used up.</returns>
    /// <exception cref="QuotaUsedException">It would be one too many, or this month's is used up.</exception>
    public static async Task<IReadOnlyList<QuotaUsed>> RequireForWakeAsync(Database database, DbConnection connection, DbTransaction transaction, Engine engine, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (engine.IsSpare)
            return [];
        var ledger = new QuotaLedger(connection, transaction, engine.Owner, engine.Group, zone);
        var limits = await ledger.LimitsAsync(limit => !limit.Queues);
        if (limits.Count == 0)
            return [];
        var near = new List<QuotaUsed>();
        await connection.ExecuteAsync(database.LockGroup, new { group = engine.Group.Value }, transaction);
        var prices = limits.Any(limit => limit.Item == QuotaItem.Money) ? await PriceRows.OfPoolsAsync(connection, transaction) : [];
        foreach (var limit in limits)
        {
            var used = new QuotaUsed(limit, await ledger.UsedAsync(limit, engine.Id, prices, now));
            if (used.Used >= limit.Limit)
                throw new QuotaUsedException(used, limit.Item == QuotaItem.Awake ? null : MonthUse.MonthAt(now, zone).AddMonths(1));
            if (used.IsNear)
                near.Add(used);
        }

        return near;
    }

    /// <summary>An engine that is given compute.</summary>
    /// <exception cref="QuotaUsedException">It would have more than may be had at once.</exception>
    public static async Task RequireForPlacementAsync(Database database, DbConnection connection, DbTransaction transaction, Engine engine, Placement place)
    {
        if (engine.IsSpare)
            return;
        var ledger = new QuotaLedger(connection, transaction, engine.Owner, engine.Group, TimeZoneInfo.Utc);
        var limits = await ledger.LimitsAsync(limit => limit.Queues);
        if (limits.Count == 0)
            return;
        await connection.ExecuteAsync(database.LockGroup, new { group = "" }, transaction);
        foreach (var limit in limits)
        {
            var more = limit.Item == QuotaItem.Gpus ? place.MilliGpus : place.MilliGpus == place.Units * 1000 ? 0 : place.Units;
            if (more > 0 && await ledger.UsedAsync(limit, engine.Id, new Dictionary<string, PriceList>(), default) is var used && used + more > limit.Limit)
                throw new QuotaUsedException(new(limit, used), null);
        }
    }
}
