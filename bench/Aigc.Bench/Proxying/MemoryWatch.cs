namespace Aigc.Bench.Proxying;

/// <summary>The highest memory of a process while this lives.</summary>
public sealed class MemoryWatch : IDisposable
{
    private readonly Timer _timer;

    public MemoryWatch(Child child)
    {
        Highest = child.Memory;
        _timer = new(_ => Highest = Math.Max(Highest, child.Memory), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    /// <summary>MB.</summary>
    public double Highest { get; private set; }

    public void Dispose() => _timer.Dispose();
}
