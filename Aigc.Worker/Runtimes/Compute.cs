using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Runtimes;

/// <summary>What a runtime has for an engine.</summary>
/// <param name="Uid">Unique to this one start for ever; metering counts by it.</param>
/// <param name="Generation">The engine's generation that asked for it.</param>
/// <param name="Address">Where the engine listens, or will.</param>
/// <param name="Waiting">What it waits for before it can go on by itself, in words for people; null: nothing.</param>
/// <param name="Failure">Why it can't go on without a change, or ended, where more is known than the exit code.</param>
/// <param name="Remark">What its start has to say besides, for the engine's history; told once.</param>
/// <param name="ExitCode">128 + n after signal n; null while it runs and when nobody saw it end.</param>
/// <param name="HasMachine">Whether it has a machine, or had one until it ended: what only waits for one uses nothing.</param>
public sealed record Compute(
    EngineId Engine,
    string Uid,
    long Generation,
    ComputePhase Phase,
    DateTimeOffset StartedAt,
    DateTimeOffset PhaseSince,
    Uri? Address,
    int? ExitCode,
    DateTimeOffset? EndedAt,
    Reason? Waiting = null,
    Reason? Failure = null,
    Reason? Remark = null,
    bool HasMachine = true);
