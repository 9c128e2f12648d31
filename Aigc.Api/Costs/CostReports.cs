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

    public Task<long> ForecastAsync(CostSight sight, CancellationToken cancellationToken) => book.ForecastAsync(sight, Zone, cancellationToken);

    /// <summary>The rows with the names that people know.</summary>
    public async Task<IReadOnlyList<(string Key, string Name, CostSum Sum)>> NamedAsync(CostTable table, CancellationToken cancellationToken)
    {
        var names = await store.NamesAsync(table.By, cancellationToken);
        return [.. table.Rows.Select(row => (row.Key, names.GetValueOrDefault(row.Key, row.Key), row.Sum))];
    }
}
