namespace Aspire.Hosting.Running;

/// <summary>How long a crashed process waits: 0.5 s, doubling to 30 s; from the start again after it ran a minute.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Forgiven = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;

    public TimeSpan After(TimeSpan healthyFor)
    {
        if (healthyFor >= Forgiven) _next = First;
        var delay = _next;
        _next = delay * 2 < Most ? delay * 2 : Most;
        return delay;
    }
}
