using System.Runtime.CompilerServices;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Metering;

/// <summary>What everything cost, a charge at a time: uses, prices and bills brought together.</summary>
public sealed class CostBook(CostStore store, BillStore bills, TimeProvider time)
{
    private const string Disk = "disk";

    /// <param name="to">Exclusive.</param>
    /// <param name="zone">Where days begin.</param>
    public async IAsyncEnumerable<Charge> ReadAsync(
        CostSight sight, DateOnly from, DateOnly to, TimeZoneInfo zone, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var prices = await store.PricesAsync(cancellationToken);
        var shares = await SharesAsync(from, to, zone, prices, now, cancellationToken);
        var (begin, end) = (Days.BeginOf(from, zone), Days.BeginOf(to, zone));
        var work = await store.WorkAsync(begin, end, cancellationToken);
        await foreach (var lines in LinesAsync(sight, begin, end, zone, prices, now, cancellationToken))
        {
            var done = work.GetValueOrDefault(lines[0].Use.RuntimeUid, []);
            var last = default(DateOnly);
            foreach (var line in lines.Where(line => from <= line.Day && line.Day < to))
            {
                var amount = line.Day == last ? 0 : done.Where(one => Days.Of(one.At, zone) == line.Day).Sum(one => one.Amount);
                last = line.Day;
                yield return Charge.Of(line, shares.Of(line), amount);
            }
        }

        var diskPrices = prices.GetValueOrDefault(Disk, PriceList.Free);
        await foreach (var disk in store.DisksAsync(sight, begin, end, now, cancellationToken))
        {
            foreach (var line in Costs.LinesOf(disk, diskPrices, zone).Where(line => from <= line.Day && line.Day < to))
                yield return Charge.Of(line);
        }

        if (!sight.IsEverything)
            yield break;
        foreach (var charge in shares.Unallocated(from, to, zone))
            yield return charge;
    }

    /// <summary>What this month will have cost.</summary>
    public async Task<long> ForecastAsync(CostSight sight, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var today = Days.Of(time.GetUtcNow(), zone);
        var costs = new Dictionary<DateOnly, long>();
        await foreach (var charge in ReadAsync(sight, Forecast.Since(today), today.AddDays(1), zone, cancellationToken))
            costs[charge.Day] = costs.GetValueOrDefault(charge.Day) + charge.Micros;
        return Forecast.OfMonth(costs, today);
    }

    private async Task<BillShares> SharesAsync(
        DateOnly from, DateOnly to, TimeZoneInfo zone, IReadOnlyDictionary<string, PriceList> prices, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var entered = await bills.ListAsync(cancellationToken, from, to);
        if (entered.Count == 0)
            return BillShares.None;
        // A share depends on everybody's use in all the days of the bill.
        var (begin, end) = (Days.BeginOf(entered.Min(bill => bill.From), zone), Days.BeginOf(entered.Max(bill => bill.To), zone));
        var covered = new List<CostLine>();
        await foreach (var lines in LinesAsync(CostSight.Everything, begin, end, zone, prices, now, cancellationToken))
            covered.AddRange(lines.Where(line => entered.Any(bill => bill.Covers(line.Use.Pool, line.Day))));
        return new(entered, covered, zone);
    }

    /// <summary>The lines of one use after the other.</summary>
    private async IAsyncEnumerable<IReadOnlyList<CostLine>> LinesAsync(
        CostSight sight, DateTimeOffset begin, DateTimeOffset end, TimeZoneInfo zone, IReadOnlyDictionary<string, PriceList> prices, DateTimeOffset now,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = await store.PartsAsync(begin, end, cancellationToken);
        await foreach (var use in store.ComputeAsync(sight, begin, end, now, cancellationToken))
            yield return [.. Costs.LinesOf(use, prices.GetValueOrDefault(PriceRows.ItemOf(use.Pool), PriceList.Free), zone, parts.GetValueOrDefault(use.RuntimeUid))];
    }
}
