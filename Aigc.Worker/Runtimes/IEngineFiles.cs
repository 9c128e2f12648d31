namespace Aigc.Worker.Runtimes;

/// <summary>What is on the disks of engines, for any worker, whether it leads or not.</summary>
public interface IEngineFiles
{
    /// <summary>Maps <c>/files</c> and <c>/files/content</c> of the engine that the route's <c>id</c> names, alike in every runtime.</summary>
    void Map(RouteGroupBuilder engine);
}
