using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;

namespace Aigc.Simulator.Running;

/// <summary>What an engine was given.</summary>
internal sealed class Compute(PoolGrant grant, DateTimeOffset grantedAt, DateTimeOffset readyAt)
{
    public PoolGrant Grant { get; } = grant;

    public DateTimeOffset GrantedAt { get; } = grantedAt;

    /// <summary>Sooner than it would boot where it was started ahead.</summary>
    public DateTimeOffset ReadyAt { get; } = readyAt;

    /// <summary>None: it is still to be started.</summary>
    public ComputePhase Phase { get; set; }
    public DateTimeOffset PhaseSince { get; set; }
    public long Generation { get; set; }
    public bool EverReady { get; set; }
}
