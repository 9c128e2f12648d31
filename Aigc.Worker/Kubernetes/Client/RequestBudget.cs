using System.Threading.RateLimiting;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>
/// How many requests this process may send: a bucket that refills steadily. Whoever comes when it is empty waits its turn,
/// first come, first served. When the server says how long to leave it alone, everybody does.
/// </summary>
internal sealed class RequestBudget(int perSecond, int burst, TimeProvider time) : IDisposable
{
    private readonly TokenBucketRateLimiter _bucket = new(new()
    {
        TokenLimit = burst,
        TokensPerPeriod = Portion(perSecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds((double)Portion(perSecond) / perSecond),
        QueueLimit = int.MaxValue,
    });
    private long _quietUntil;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var lease = await _bucket.AcquireAsync(1, cancellationToken);
        while (Volatile.Read(ref _quietUntil) is var until && time.GetTimestamp() is var now && now < until)
            await Task.Delay(time.GetElapsedTime(now, until), time, cancellationToken);
    }

    public void LeaveAlone(TimeSpan duration)
    {
        var until = time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency);
        var before = Volatile.Read(ref _quietUntil);
        while (until > before && Interlocked.CompareExchange(ref _quietUntil, until, before) is var seen && seen != before)
            before = seen;
    }

    public void Dispose() => _bucket.Dispose();

    /// <summary>What comes about ten times a second; of a small budget, one request less often.</summary>
    private static int Portion(int perSecond) => Math.Max(1, perSecond / 10);
}
