using Aigc.Api.Callers;
using Aigc.Engines.Metering;
using Aigc.Engines.Pools;
using Aigc.Engines.Storage;

namespace Aigc.Api.Pools;

/// <summary>A pool with what of it is used and what it costs.</summary>
public sealed record PoolView(Pool Pool, PoolUse Use, IReadOnlyList<Price> Prices)
{
    public Price? PriceAt(DateTimeOffset now) => Prices.LastOrDefault(price => price.From <= now);
}

/// <summary>What administrators do with pools, for REST and dashboard alike.</summary>
public sealed class PoolActions(PoolStore pools, TimeProvider time)
{
    private const decimal LargestPrice = 1_000_000;

    /// <summary>In the order of preference.</summary>
    public async Task<IReadOnlyList<PoolView>> ListAsync(CancellationToken cancellationToken)
    {
        var use = await pools.UseAsync(cancellationToken);
        var views = new List<PoolView>();
        foreach (var pool in await pools.ListAsync(cancellationToken))
            views.Add(new(pool, use.GetValueOrDefault(pool.Name) ?? new(pool.Name, 0, 0, 0), await pools.PricesOfAsync(pool.Name, cancellationToken)));
        return views;
    }

    /// <returns>What is wrong; empty: it is saved. Null: engines in it are counted by the resource and the units that it has.</returns>
    public async Task<IReadOnlyList<string>?> SaveAsync(Caller caller, Pool pool, CancellationToken cancellationToken)
    {
        List<string> errors = [.. PoolRules.Violations(pool)];
        if (errors.Count > 0)
            return errors;
        return await pools.SaveAsync(pool, caller.Actor, cancellationToken) == SavePoolResult.InUse ? null : errors;
    }

    /// <returns>What is wrong; null: it is added.</returns>
    public async Task<string?> AddPriceAsync(Caller caller, string pool, decimal? perGpuHour, DateTimeOffset? from, CancellationToken cancellationToken) =>
        perGpuHour is not (>= 0 and <= LargestPrice) || decimal.Round(perGpuHour.Value, 6) != perGpuHour
            ? $"A GPU-hour costs from 0 to {LargestPrice:0}, with at most six decimals."
            : await pools.AddPriceAsync(pool, new(from ?? time.GetUtcNow(), (long)(perGpuHour.Value * 1_000_000)), caller.Actor, cancellationToken);
}
