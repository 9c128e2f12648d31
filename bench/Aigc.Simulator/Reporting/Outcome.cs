using System.Globalization;
using Aigc.Engines.Metering;
using Aigc.Engines.Pools;
using Aigc.Simulator.Running;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Reporting;

/// <summary>What came of a policy.</summary>
internal sealed class Outcome(string policy, FairShares shares)
{
    private readonly Dictionary<string, PriceList> _prices = Studio.Pools.ToDictionary(pool => pool.Name, pool => Studio.PricesOf(pool.Name), StringComparer.Ordinal);
    private readonly List<ComputeUse> _uses = [];
    private Int128 _milliGpuMilliseconds;
    private long _micros;

    public string Policy { get; } = policy;
    public FairShares Shares { get; } = shares;

    /// <summary>Compute that engines had, for whoever wants to count again.</summary>
    public IReadOnlyList<ComputeUse> Uses => _uses;

    public int LostJobs { get; private set; }
    public TimeSpan LostWork { get; private set; }

    /// <summary>From the grant of compute, or the visit if that came later, until ready: of each visit that found its engine not ready.</summary>
    public Quantiles WakeWait { get; } = new();

    /// <summary>What those visits waited before that.</summary>
    public Quantiles QueueWait { get; } = new();

    public double GpuHours => (double)_milliGpuMilliseconds / 1000 / TimeSpan.MillisecondsPerHour;
    public double Cost => _micros / 1e6;

    public void Lost(TimeSpan work)
    {
        if (work > TimeSpan.Zero)
            (LostJobs, LostWork) = (LostJobs + 1, LostWork + work);
    }

    public void Woke(TimeSpan wake, TimeSpan queued)
    {
        WakeWait.Add(wake);
        QueueWait.Add(queued);
    }

    public void Used(PoolGrant grant, Artist artist, DateTimeOffset from, DateTimeOffset until)
    {
        var use = new ComputeUse(
            _uses.Count.ToString(CultureInfo.InvariantCulture), grant.Engine, new(artist.Name), grant.Group, artist.Kind.Template, "1", grant.Pool.Name,
            (long)(grant.Gpus * 1000), from, until);
        _uses.Add(use);
        foreach (var line in Costs.LinesOf(use, _prices[use.Pool], TimeZoneInfo.Utc))
        {
            _milliGpuMilliseconds += line.MilliGpuMilliseconds;
            _micros += line.Micros;
        }
    }
}
