using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Local;

/// <summary>
/// Notices ends. A running engine costs two system calls per look; only one whose first process is gone while others linger
/// costs a reading of the process table, shared by all such and less often.
/// </summary>
internal sealed class EndWatch
{
    private const int LooksPerTableReading = 4;
    private readonly ConcurrentDictionary<EngineId, int> _running = new();
    private readonly ConcurrentDictionary<EngineId, bool> _lingering = new();
    private int _looks;

    public void Running(EngineId engine, int pid)
    {
        _lingering.TryRemove(engine, out _);
        _running[engine] = pid;
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

    /// <param name="runOf">Where an engine's exit file appears.</param>
    /// <param name="isOver">Whether nothing of an engine is left in a process table.</param>
    public IEnumerable<EngineId> Look(Func<EngineId, RunFolder> runOf, Func<EngineId, ProcessTable, bool> isOver)
    {
        foreach (var (engine, pid) in _running)
        {
            if (Machine.Exists(pid) && !runOf(engine).HasExit)
                continue;
            Lingering(engine);
            yield return engine;
        }

        if (_lingering.IsEmpty || ++_looks % LooksPerTableReading != 0)
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
