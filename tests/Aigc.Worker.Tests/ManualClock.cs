namespace Aigc.Worker.Tests;

/// <summary>Two clocks: one that only goes on, and a time of day that somebody sets.</summary>
internal sealed class ManualClock : TimeProvider
{
    private TimeSpan _elapsed;
    private DateTimeOffset _wall = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("Nothing waits in these tests.");

    public void Advance(TimeSpan by)
    {
        _elapsed += by;
        _wall += by;
    }

    public void Set(TimeSpan by) => _wall += by;
}
