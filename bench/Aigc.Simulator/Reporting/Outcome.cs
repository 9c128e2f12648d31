using System.Globalization;
using Aigc.Engines.Ahead;
using Aigc.Engines.Metering;
using Aigc.Engines.Pools;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Reporting;

/// <summary>What came of a policy.</summary>
internal sealed class Outcome(string policy, DateTimeOffset learned, FairShares shares)
{
    private readonly List<ComputeUse> _uses = [];
    private readonly Spending _spent = new();

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

    public Comings Comings { get; } = new(learned);

    public double GpuHours => _spent.GpuHours;
    public double Cost => _spent.Cost;

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

    /// <param name="session">Whose compute it was; null: nobody's.</param>
    public void Used(PoolGrant grant, Artist artist, DateTimeOffset from, DateTimeOffset until, PastSession? session = null)
    {
        var use = new ComputeUse(
            _uses.Count.ToString(CultureInfo.InvariantCulture), grant.Engine, new(artist.Name), grant.Group, artist.Kind.Template, "1", grant.Pool.Name,
            (long)(grant.Gpus * 1000), from, until);
        _uses.Add(use);
        _spent.Add(use);
        if (session is { Early: true })
            Comings.Held(use, session.CameAt);
    }
}
