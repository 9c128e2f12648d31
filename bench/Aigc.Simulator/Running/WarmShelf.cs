using Aigc.Engines.Ahead;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Running;

/// <summary>The warm engines of one kind.</summary>
internal sealed class WarmShelf(EngineKind kind, TimeZoneInfo zone)
{
    /// <summary>Who finds one that is so far from ready still waits less than ten seconds.</summary>
    private static readonly TimeSpan Acceptable = TimeSpan.FromSeconds(10) - Studio.Attach;
    private static readonly TimeSpan Replacement = Studio.Boot - Acceptable;

    /// <summary>What it is worth to spare somebody the boot: time of one GPU.</summary>
    private static readonly TimeSpan Worth = TimeSpan.FromMinutes(15);

    private readonly LinkedList<WarmEngine> _engines = new();

    public EngineKind Kind { get; } = kind;

    public ArrivalForecast Forecast { get; } = new(zone);

    public int Count => _engines.Count;

    public int Wanted(DateTimeOffset now) => WarmPools.Size(Forecast.Expected(now, Replacement), Replacement, Kind.Gpus, Worth);

    public void Add(WarmEngine engine) => _engines.AddLast(engine);

    public WarmEngine? TakeOldest()
    {
        if (_engines.First is not { } oldest)
            return null;
        _engines.RemoveFirst();
        return oldest.Value;
    }

    public WarmEngine TakeNewest()
    {
        var newest = _engines.Last!.Value;
        _engines.RemoveLast();
        return newest;
    }
}
