using Aigc.Engines.Metering;
using Aigc.Engines.People;
using Aigc.Engines.Pools;

namespace Aigc.Bench.Simulating;

/// <summary>What came of a policy.</summary>
internal sealed class Outcome(string name)
{
    private readonly List<double> _wakes = [];
    private readonly List<double> _queued = [];
    private readonly Dictionary<string, PriceList> _prices = Studio.Pools.ToDictionary(pool => pool.Name, pool => Studio.PricesOf(pool.Name), StringComparer.Ordinal);
    private readonly Dictionary<GroupId, (double Held, double Entitled)> _shares = [];
    private Int128 _milliGpuMilliseconds;
    private long _micros;

    public string Name { get; } = name;
    public int LostJobs { get; private set; }
    public TimeSpan LostWork { get; private set; }
    public double GpuHours => (double)_milliGpuMilliseconds / 1000 / 3_600_000;
    public double Cost => _micros / 1e6;
    public int Arrivals => _wakes.Count;

    /// <summary>The worst group's share of what it was entitled to while it waited.</summary>
    public double FairShare => _shares.Count == 0 ? 1 : _shares.Values.Min(share => share.Held / share.Entitled);

    public void Lost(TimeSpan work) => (LostJobs, LostWork) = (LostJobs + 1, LostWork + work);

    public void Waited(TimeSpan wake, TimeSpan queued)
    {
        _wakes.Add(wake.TotalSeconds);
        _queued.Add(queued.TotalSeconds);
    }

    public void Used(ComputeUse use)
    {
        foreach (var line in Costs.LinesOf(use, _prices[use.Pool], TimeZoneInfo.Utc))
        {
            _milliGpuMilliseconds += line.MilliGpuMilliseconds;
            _micros += line.Micros;
        }
    }

    /// <summary>Notes what each group has that waits, beside its equal part of all cards or what it wants if that is less.</summary>
    public void Shares(PoolAdmission queue, IEnumerable<Seat> seats)
    {
        var wanted = seats.Where(seat => seat is { Grant: null, Engine.Desired: Aigc.Engines.Lifecycle.Desired.Awake })
            .GroupBy(seat => seat.Engine.Group).ToDictionary(group => group.Key, group => group.Sum(seat => seat.Artist.Kind.Units / 8.0));
        var groups = seats.Select(seat => seat.Engine.Group).Distinct().Count();
        var part = Studio.Pools.Sum(pool => pool.GpusOf(pool.Capacity)) / groups;
        foreach (var (group, more) in wanted)
        {
            var held = queue.HeldBy(group);
            var entitled = Math.Min(part, held + more);
            var (before, entitledBefore) = _shares.GetValueOrDefault(group);
            _shares[group] = (before + Math.Min(held, entitled), entitledBefore + entitled);
        }
    }

    public double Wake(double quantile) => At(_wakes, quantile);

    public double Queued(double quantile) => At(_queued, quantile);

    private static double At(List<double> values, double quantile)
    {
        if (values.Count == 0)
            return 0;
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)(values.Count * quantile))];
    }
}
