using Aigc.Disks;
using Aigc.Worker.Disks;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Local;

/// <summary>Disks are folders of this machine: seen whether or not their engines are awake.</summary>
public sealed class LocalEngineFiles(DataFolder data) : IEngineFiles
{
    public void Map(RouteGroupBuilder engine) => engine.MapFiles(context => new(data.DiskOf(DiskEndpoints.EngineOf(context))));
}
