namespace Aigc.Engines.Pools;

/// <summary>How fast a pool has come free for new engines of late.</summary>
internal sealed class GrantPace
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    private readonly Queue<(DateTimeOffset At, double Gpus)> _grants = new();

    public void Granted(double gpus, DateTimeOffset now)
    {
        Forget(now);
        _grants.Enqueue((now, gpus));
    }

    /// <summary>GPUs in an hour.</summary>
    public double At(DateTimeOffset now)
    {
        Forget(now);
        return _grants.Sum(grant => grant.Gpus) / Window.TotalHours;
    }

    private void Forget(DateTimeOffset now)
    {
        while (_grants.TryPeek(out var oldest) && oldest.At <= now - Window)
            _grants.Dequeue();
    }
}
