using Aigc.Engines.Ahead;
using Aigc.Engines.Pools;

namespace Aigc.Bench.Simulating;

internal sealed record WarmEngine(PoolGrant Grant, DateTimeOffset StartedAt, DateTimeOffset ReadyAt);

/// <summary>Engines of one kind that are started, or starting, for whoever comes next.</summary>
internal sealed class WarmShelf(EngineKind kind)
{
    /// <summary>Who finds one that is so far from ready still waits less than ten seconds.</summary>
    private static readonly TimeSpan Acceptable = TimeSpan.FromSeconds(10) - Studio.Attach;
    private const double Missed = 0.01;
    private const double Fewest = 0.01;

    private readonly LinkedList<WarmEngine> _engines = new();

    public EngineKind Kind { get; } = kind;

    public ArrivalForecast Forecast { get; } = new(TimeZoneInfo.Utc);

    public int Count => _engines.Count;

    public int Wanted(DateTimeOffset now) => WarmPools.Size(Forecast.Expected(now, Studio.Boot - Acceptable), Missed, Fewest);

    public void Add(WarmEngine engine) => _engines.AddLast(engine);

    public WarmEngine Take()
    {
        var first = _engines.First!.Value;
        _engines.RemoveFirst();
        return first;
    }

    public WarmEngine TakeNewest()
    {
        var last = _engines.Last!.Value;
        _engines.RemoveLast();
        return last;
    }
}
