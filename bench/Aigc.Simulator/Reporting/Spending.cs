using Aigc.Engines.Metering;
using Aigc.Simulator.Running;

namespace Aigc.Simulator.Reporting;

/// <summary>GPU-time, and what it costs.</summary>
internal sealed class Spending
{
    private readonly Dictionary<string, PriceList> _prices = Studio.Pools.ToDictionary(pool => pool.Name, pool => Studio.PricesOf(pool.Name), StringComparer.Ordinal);
    private Int128 _milliGpuMilliseconds;
    private long _micros;

    public double GpuHours => (double)_milliGpuMilliseconds / 1000 / TimeSpan.MillisecondsPerHour;
    public double Cost => _micros / 1e6;

    public void Add(ComputeUse use)
    {
        foreach (var line in Costs.LinesOf(use, _prices[use.Pool], TimeZoneInfo.Utc))
        {
            _milliGpuMilliseconds += line.MilliGpuMilliseconds;
            _micros += line.Micros;
        }
    }
}
