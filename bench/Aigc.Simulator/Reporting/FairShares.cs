using Aigc.Engines.People;
using Aigc.Engines.Pools;

namespace Aigc.Simulator.Reporting;

/// <summary>
/// What each group has while it waits, beside what it is entitled to: an equal part of all cards, or all that it wants if that is less.
/// Counted over the time that anybody of it waits.
/// </summary>
internal sealed class FairShares(PoolAdmission queue, IReadOnlyList<Pool> pools, int groups)
{
    private readonly double _part = pools.Sum(pool => pool.GpusOf(pool.Capacity)) / groups;
    private readonly Dictionary<GroupId, double> _waiting = [];
    private readonly Dictionary<GroupId, (double Had, double Entitled, TimeSpan Waited)> _groups = [];

    /// <summary>Of the group that got least; 1: nobody had to wait.</summary>
    public double Least => _groups.Values.Select(group => group.Had / group.Entitled).DefaultIfEmpty(1).Min();

    public TimeSpan LongestWait => _groups.Values.Select(group => group.Waited).DefaultIfEmpty().Max();

    public void Waits(GroupId group, double gpus) => _waiting[group] = _waiting.GetValueOrDefault(group) + gpus;

    public void WaitsNoMore(GroupId group, double gpus) => _waiting[group] -= gpus;

    public void Pass(TimeSpan time)
    {
        if (queue.Waiting == 0)
            return;
        foreach (var (group, gpus) in _waiting)
        {
            if (gpus <= 0)
                continue;
            var held = queue.HeldBy(group);
            var entitled = Math.Min(_part, held + gpus);
            var (had, sum, waited) = _groups.GetValueOrDefault(group);
            _groups[group] = (had + (Math.Min(held, entitled) * time.TotalSeconds), sum + (entitled * time.TotalSeconds), waited + time);
        }
    }
}
