using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Local;

/// <content>What is there, read afresh each time: the record says what was started, the process table what of it is left.</content>
public sealed partial class LocalEngineRuntime
{
    private Compute? Observe(EngineId engine) => Observe(engine, new(ProcessTable.Read));

    /// <param name="table">Read only when the first process alone does not tell.</param>
    private Compute? Observe(EngineId engine, Lazy<ProcessTable> table)
    {
        var run = data.RunOf(engine);
        var record = run.ReadRecord() ?? Adopt(engine, run, table.Value);
        if (record is null)
            return null;

        var shim = run.ReadShim();
        var exit = run.ReadExit();
        if (exit is null && shim is not null && ProcessTable.IsRunning(shim))
        {
            _watch.Running(engine, shim.Pid);
            return ToCompute(engine, record, null);
        }

        // Between the record and the shim's first word there is nothing to see, and nothing to conclude.
        if (_launching.ContainsKey(engine))
            return ToCompute(engine, record, null);
        if (run.ReadShim() is { } late && late != shim)
            return Observe(engine);

        var now = time.GetUtcNow();
        if (table.Value.TreeOf(engine, shim).Count > 0)
        {
            // The program has ended, something that it started has not.
            _watch.Lingering(engine);
            if (exit is not null)
                run.MoveExit(exit with { At = now });
            return ToCompute(engine, record, null);
        }

        // The shim may have written between the two looks.
        _watch.Ended(engine);
        exit = run.ReadExit() ?? run.WriteExit(record.Boot == Machine.Boot ? now : Machine.BootedAt(time));
        return ToCompute(engine, record, exit);
    }

    /// <summary>Processes that carry an engine's mark but have no record get one, and are then like any others.</summary>
    private RunRecord? Adopt(EngineId engine, RunFolder run, ProcessTable table)
    {
        if (table.TreeOf(engine, null) is not { Count: > 0 } tree)
            return null;
        var first = tree.MinBy(process => process.Pid)!;
        var uid = ProcessTable.EnvironmentOf(first.Pid, "AIGC_ENGINE_UID="u8) ?? Guid.NewGuid().ToString("N");
        var record = new RunRecord(uid, Generation: 0, Port: 0, time.GetUtcNow(), Machine.Boot);
        run.Clear();
        run.Write(record);
        Log.Adopted(log, engine);
        return record;
    }

    private static Compute ToCompute(EngineId engine, RunRecord record, ExitRecord? exit)
    {
        // File times are coarser than the clock: nothing ends before it started.
        DateTimeOffset? ended = exit is null ? null : exit.At > record.StartedAt ? exit.At : record.StartedAt;
        var phase = ended is not null ? ComputePhase.Exited
            : record.StopRequestedAt is not null ? ComputePhase.Stopping
            : ComputePhase.Running;
        return new(engine, record.Uid, record.Generation, phase, record.StartedAt, ended ?? record.StopRequestedAt ?? record.StartedAt,
            record.Address, exit?.Code, ended);
    }
}
