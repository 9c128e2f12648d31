using Aigc.Engines.Gateway;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Costs;

/// <summary>Answers questions about costs, for REST and dashboard alike.</summary>
public sealed class CostReports(CostBook book, CostStore store, IOptions<StudioOptions> studio, TimeProvider time)
{
    public TimeZoneInfo Zone => studio.Value.Zone;

    public string Currency => studio.Value.Currency;

    public DateOnly Today => Days.Of(time.GetUtcNow(), Zone);

    public IAsyncEnumerable<Charge> ChargesAsync(CostQuestion question, CostSight sight, CancellationToken cancellationToken) =>
        book.ReadAsync(sight, question.From, question.To, Zone, cancellationToken);

    public async Task<CostTable> TableAsync(CostQuestion question, CostSight sight, CancellationToken cancellationToken)
    {
        var table = new CostTable(question.By);
        await foreach (var charge in ChargesAsync(question, sight, cancellationToken))
            table.Add(charge);
        return table;
    }

    /// <summary>The table, and how it went from day to day.</summary>
    public async Task<(CostTable Table, IReadOnlyList<CostDay> Days)> OverviewAsync(CostQuestion question, CostSight sight, CancellationToken cancellationToken)
    {
        var table = new CostTable(question.By);
        var trends = new CostTrends(question.From, question.To, Zone, time.GetUtcNow());
        await foreach (var charge in ChargesAsync(question, sight, cancellationToken))
        {
            table.Add(charge);
            trends.Add(charge);
        }

        return (table, trends.Read());
    }

    /// <summary>How long starts took.</summary>
    public Task<IReadOnlyList<WaitDay>> WaitsAsync(CostQuestion question, CostSight sight, CancellationToken cancellationToken) => StartWaits.ByDayAsync(
        store.StartsAsync(sight, Days.BeginOf(question.From, Zone), Days.BeginOf(question.To, Zone), cancellationToken), Zone);

    /// <summary>GPUs of all pools together; null: nobody entered them.</summary>
    public async Task<double?> CapacityAsync(CancellationToken cancellationToken)
    {
        var pools = (await store.PoolsAsync(cancellationToken)).Where(pool => !pool.IsRemoved).ToList();
        return pools.Count > 0 && pools.TrueForAll(pool => pool.MilliGpus is not null) ? pools.Sum(pool => pool.MilliGpus!.Value) / 1000.0 : null;
    }

    public Task<long> ForecastAsync(CostSight sight, CancellationToken cancellationToken) => book.ForecastAsync(sight, Zone, cancellationToken);

    /// <summary>The rows with the names that people know.</summary>
    public async Task<IReadOnlyList<(string Key, string Name, CostSum Sum)>> NamedAsync(CostTable table, CancellationToken cancellationToken)
    {
        var names = await store.NamesAsync(table.By, cancellationToken);
        return [.. table.Rows.Select(row => (row.Key, names.GetValueOrDefault(row.Key, row.Key), row.Sum))];
    }
}
