namespace Aigc.Engines.Lifecycle;

/// <summary>What people are shown. Written by the reconciler alone.</summary>
public enum EngineState
{
    Asleep,
    Queued,
    Starting,
    Ready,
    Stopping,
    Failed,
    Deleting,
}

/// <summary>What requests and the sleep sweep ask for.</summary>
public enum Desired
{
    Asleep,
    Awake,
    Deleted,
}
