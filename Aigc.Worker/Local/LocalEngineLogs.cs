using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Local;

public sealed class LocalEngineLogs(DataFolder data) : IEngineLogs
{
    public Task<string> ReadTailAsync(EngineId engine, int lines, CancellationToken ct) =>
        LogTail.ReadAsync(data.RunOf(engine).LogPath, lines, ct);
}
