namespace Aigc.Proxy.Tests.Environment;

/// <summary>The system's clock, which a test moves on. Timers run as always.</summary>
public sealed class MovableTime : TimeProvider
{
    private long _moved;

    public void Move(TimeSpan by) => Interlocked.Add(ref _moved, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _moved));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _moved);
}
