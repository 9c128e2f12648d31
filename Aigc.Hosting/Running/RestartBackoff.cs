namespace Aspire.Hosting.Running;

/// <summary>How long a crashed process waits: twice as long each time, up to a bound; from the start again after it ran for a while.</summary>
internal sealed class RestartBackoff(TimeSpan first, TimeSpan most, TimeSpan forgiven)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    /// <summary>0.5 s to 30 s, forgiven after a minute.</summary>
    public static RestartBackoff OfService() => new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));

    /// <summary>Everybody waits for a store: it is back at once.</summary>
    public static RestartBackoff OfStore() => new(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    public TimeSpan After(TimeSpan healthyFor)
    {
        if (healthyFor >= forgiven) _next = _first;
        var delay = _next;
        _next = delay * 2 < most ? delay * 2 : most;
        return delay;
    }
}
