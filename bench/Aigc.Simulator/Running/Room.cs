using Aigc.Engines.Pools;

namespace Aigc.Simulator.Running;

/// <summary>What is free.</summary>
internal sealed class Room(PoolAdmission queue, IReadOnlyList<Pool> pools)
{
    private readonly double _capacity = pools.Sum(pool => (double)pool.Capacity);

    /// <summary>Eighths of cards, in the pool that has most of them.</summary>
    public long Most => pools.Max(queue.FreeIn);

    /// <summary>Whether anybody waits.</summary>
    public bool IsScarce => queue.Waiting > 0;

    /// <summary>Of all cards; 0 while anybody waits.</summary>
    public double Share => IsScarce ? 0 : pools.Sum(queue.FreeIn) / _capacity;

    public Pool? For(long eighths) => pools.FirstOrDefault(pool => queue.FreeIn(pool) >= eighths);
}
