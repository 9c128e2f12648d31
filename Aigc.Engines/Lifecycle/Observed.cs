namespace Aigc.Engines.Lifecycle;

/// <summary>What the runtime reports of one engine's compute, right now.</summary>
/// <param name="PhaseSince">When <paramref name="Phase"/> began.</param>
/// <param name="Generation">The generation the compute was started for.</param>
/// <param name="EverReady">Whether this compute has answered its readiness probe once. It is not asked again: an engine at work may be slow to answer.</param>
/// <param name="Detail">What to tell people: what the probe saw last, the exit code and the last log lines.</param>
/// <param name="Place">The engine's place in the queue for compute; 0: compute is granted.</param>
/// <param name="Waiting">What compute waits for before it can go on by itself.</param>
/// <param name="Failure">Why compute can't go on, or ended, where more is known than its exit code.</param>
/// <param name="Queue">What more is known of its place, for people; null: nothing.</param>
/// <param name="ProbedAt">When the readiness probe was asked last.</param>
public sealed record Observed(
    ComputePhase Phase,
    DateTimeOffset PhaseSince,
    long Generation = 0,
    bool Listening = false,
    bool EverReady = false,
    string? Detail = null,
    int Place = 0,
    Reason? Waiting = null,
    Reason? Failure = null,
    DateTimeOffset? ProbedAt = null,
    string? Queue = null);

public enum ComputePhase
{
    /// <summary>There is none. Reported only after a full list: never concluded from silence.</summary>
    None,

    /// <summary>Asked for; there is no machine for it yet.</summary>
    Pending,
    Running,
    Stopping,

    /// <summary>Ended by itself; its remains are still to be released.</summary>
    Exited,
}
