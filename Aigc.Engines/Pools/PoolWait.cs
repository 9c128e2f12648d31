using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Pools;

/// <summary>Why an engine waits for compute.</summary>
public enum WaitCause
{
    /// <summary>All that there is, is in use.</summary>
    NoRoom,

    /// <summary>There is room, for somebody who goes before it: of its own group, or a larger engine that has waited long.</summary>
    Kept,

    /// <summary>There is room, but as many engines as may start at once are starting.</summary>
    Starts,

    /// <summary>A quota, or whatever else refuses: <see cref="PoolWait.Refusal"/> says it.</summary>
    Refused,

    /// <summary>No pool supplies what it needs, or none is large enough: it waits in vain.</summary>
    NoPool,
}

/// <summary>An engine's place in the queue.</summary>
/// <param name="Ahead">How many are served before it, of those who may take the same pool.</param>
/// <param name="Pool">The pool that it waits for: the first that it would fit; null: there is none.</param>
/// <param name="Refusal">With <see cref="WaitCause.Refused"/>: the words of who refuses.</param>
/// <param name="Estimate">How long it may take yet, going by what became free lately; null: nobody can tell.</param>
public sealed record PoolWait(EngineId Engine, int Ahead, WaitCause Cause, string? Pool, string? Refusal, TimeSpan? Estimate);
