namespace Aigc.DevIdentity.Tests;

/// <summary>Stands still until moved. Starts at the real time, which libraries that check tokens go by.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
