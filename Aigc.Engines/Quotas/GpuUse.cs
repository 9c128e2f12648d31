using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Pools;

namespace Aigc.Engines.Quotas;

/// <summary>GPUs and shared GPU memory that people and groups have right now.</summary>
public sealed class GpuUse
{
    private readonly Dictionary<UserId, (long MilliGpus, long Memory)> _people = [];
    private readonly Dictionary<GroupId, (long MilliGpus, long Memory)> _groups = [];

    public (long MilliGpus, long Memory) Of(UserId person) => _people.GetValueOrDefault(person);

    public (long MilliGpus, long Memory) Of(GroupId group) => _groups.GetValueOrDefault(group);

    public void Add(Engine? engine, Placement placement, bool sharesMemory) => Change(engine, placement.MilliGpus, sharesMemory ? placement.Units : 0);

    public void Remove(Engine? engine, Placement placement, bool sharesMemory) => Change(engine, -placement.MilliGpus, sharesMemory ? -placement.Units : 0);

    private void Change(Engine? engine, long milliGpus, long memory)
    {
        if (engine is null || (milliGpus == 0 && memory == 0))
            return;
        var (person, group) = (Of(engine.Owner), Of(engine.Group));
        _people[engine.Owner] = (person.MilliGpus + milliGpus, person.Memory + memory);
        _groups[engine.Group] = (group.MilliGpus + milliGpus, group.Memory + memory);
    }
}
