using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Runtimes;

/// <summary>What engines write, readable by any worker, whether it leads or not.</summary>
public interface IEngineLogs
{
    /// <summary>The last lines that the engine wrote; empty when there are none.</summary>
    Task<string> ReadTailAsync(EngineId engine, int lines, CancellationToken ct);
}
