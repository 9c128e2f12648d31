using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Local;

/// <summary>
/// Notices ends. A running engine costs one system call per look; only one whose first process is gone while others linger
/// costs a reading of the process table, shared by all such and less often.
/// </summary>
internal sealed class EndWatch
{
    private const int LooksPerTableReading = 4;
    private const int LooksPerFile = 4;
    private readonly ConcurrentDictionary<EngineId, (int Pid, string ExitPath)> _running = new();
    private readonly ConcurrentDictionary<EngineId, bool> _lingering = new();
    private int _looks;

    /// <param name="exitPath">Where the engine's exit file appears.</param>
    public void Running(EngineId engine, int pid, string exitPath)
    {
        _lingering.TryRemove(engine, out _);
        _running[engine] = (pid, exitPath);
    }

    public void Lingering(EngineId engine)
    {
        _running.TryRemove(engine, out _);
        _lingering[engine] = true;
    }

    public void Ended(EngineId engine)
    {
        _running.TryRemove(engine, out _);
        _lingering.TryRemove(engine, out _);
    }

    /// <param name="isOver">Whether nothing of an engine is left in a process table.</param>
    public IEnumerable<EngineId> Look(Func<EngineId, ProcessTable, bool> isOver)
    {
        // A shim that has written the exit ends at once; only one that nobody waits for is still there, which need not be seen as soon.
        var looks = ++_looks;
        foreach (var (engine, (pid, exitPath)) in _running)
        {
            if (Machine.Exists(pid) && ((looks + pid) % LooksPerFile != 0 || !File.Exists(exitPath)))
                continue;
            Lingering(engine);
            yield return engine;
        }

        if (_lingering.IsEmpty || looks % LooksPerTableReading != 0)
            yield break;
        var table = ProcessTable.Read();
        foreach (var engine in _lingering.Keys)
        {
            if (!isOver(engine, table))
                continue;
            Ended(engine);
            yield return engine;
        }
    }
}
