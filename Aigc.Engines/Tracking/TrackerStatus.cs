namespace Aigc.Engines.Tracking;

/// <summary>For health checks: how the last calls of the session tracker went in this process.</summary>
public sealed class TrackerStatus
{
    private volatile string? _trouble;

    /// <summary>What is wrong, as a sentence; null: nothing.</summary>
    public string? Trouble
    {
        get => _trouble;
        set => _trouble = value;
    }
}
