namespace Aigc.Engines.Pools;

/// <summary>Where an engine's compute is, and how much it has there.</summary>
/// <param name="Pool">Empty: the runtime's own supply.</param>
/// <param name="Units">Of the pool's resource.</param>
/// <param name="MilliGpus">The part of cards that this is, in thousandths.</param>
/// <param name="Why">Why it is not in a pool that is preferred to this one, as <see cref="PoolWords"/> reads it; null: none is.</param>
public sealed record Placement(string Pool, long Units, long MilliGpus, string? Why = null);
