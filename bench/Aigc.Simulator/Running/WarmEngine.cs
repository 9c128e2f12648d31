using Aigc.Engines.Pools;

namespace Aigc.Simulator.Running;

/// <summary>An engine that was started for nobody in particular.</summary>
internal sealed record WarmEngine(PoolGrant Grant, DateTimeOffset StartedAt, DateTimeOffset ReadyAt);
