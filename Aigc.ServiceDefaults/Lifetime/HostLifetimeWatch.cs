namespace Aigc.ServiceDefaults.Lifetime;

/// <summary>
/// Says whether the AppHost that started this process has ended for good, as opposed to restarting this one service.
/// Always false for a process that no AppHost started.
/// </summary>
public sealed class HostLifetimeWatch
{
    private volatile bool _hostEnded;

    /// <summary>True before <c>ApplicationStopping</c> fires for that reason.</summary>
    public bool HostEnded => _hostEnded;

    internal void End() => _hostEnded = true;
}
