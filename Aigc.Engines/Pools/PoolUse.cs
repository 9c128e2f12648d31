namespace Aigc.Engines.Pools;

/// <summary>What of a pool is in use.</summary>
/// <param name="Waiting">Engines that wait for it.</param>
public sealed record PoolUse(string Pool, int Engines, long Units, int Waiting);
