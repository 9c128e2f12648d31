using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Pools;

/// <summary>An engine that wants compute.</summary>
/// <param name="Units">By resource: what it takes of a pool that supplies it. It fits nowhere else.</param>
/// <param name="Priority">Within its group the highest goes first; see <see cref="PoolAdmission.HeadStart"/>.</param>
/// <param name="Pools">The names of the only pools that it may take; null: any that fits.</param>
public sealed record PoolRequest(
    EngineId Engine, GroupId Group, IReadOnlyDictionary<string, long> Units, int Priority = 0, IReadOnlySet<string>? Pools = null)
{
    /// <summary>What it would take of the pool; null: the pool is not for it.</summary>
    public long? UnitsOf(Pool pool) => Units.TryGetValue(pool.Resource, out var units) && Pools?.Contains(pool.Name) != false ? units : null;
}

/// <summary>What an engine was given.</summary>
public sealed record PoolGrant(EngineId Engine, GroupId Group, Pool Pool, long Units)
{
    public double Gpus => Pool.GpusOf(Units);
}
