namespace Aigc.Engines.Lifecycle;

/// <summary>The one action to take now.</summary>
public enum Step
{
    None,

    /// <summary>Start compute for the engine's generation.</summary>
    Start,

    /// <summary>Ask the readiness probe.</summary>
    Probe,

    /// <summary>Ask compute to end, politely.</summary>
    Stop,

    /// <summary>End compute by force.</summary>
    Kill,

    /// <summary>Forget compute that has ended.</summary>
    Release,

    /// <summary>Remove the engine; its disk too unless it is to be kept.</summary>
    Remove,
}

/// <summary>What <see cref="Reconciler.Next"/> chose: the action, what people are told meanwhile, and when to look again at the latest.</summary>
public sealed record Decision(Step Step, EngineState State, Reason Reason, TimeSpan? RequeueAfter = null);
