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

        var shim = run.ReadShim(record);
        var exit = run.ReadExit(record, time);
        if (exit is null && shim is not null && ProcessTable.IsRunning(shim))
        {
            _watch.Running(engine, shim.Pid, run.ExitPath(record.Uid));
            return ToCompute(engine, record, null);
        }

        // Between the record and the shim's first word there is nothing to see, and nothing to conclude.
        if (_launching.ContainsKey(engine))
            return ToCompute(engine, record, null);
        if (shim is null && record.Port != 0)
        {
            // A worker that ended in the middle of a launch. From here on either the shim has spoken, or it never will.
            terms.Require(term);
            if (run.TryCallOff(record))
            {
                Log.CalledOff(log, engine);
                return null;
            }
        }

        if (run.ReadShim(record) is { } late && late != shim)
            return Observe(engine);

        if (table.Value.TreeOf(engine, shim).Count > 0)
        {
            // The program has ended, something that it started has not.
            _watch.Lingering(engine);
            if (run.HasExit(record.Uid))
                run.MoveExit(record.Uid, time);
            return ToCompute(engine, record, null);
        }

        // The shim may have written between the two looks.
        _watch.Ended(engine);
        exit = run.ReadExit(record, time);
        if (exit is null)
        {
            terms.Require(term);
            exit = new(null, record.Boot == Machine.Boot ? time.GetUtcNow() : Machine.BootedAt(time));
            run.Write(record with { EndedAt = exit.At });
        }

        return ToCompute(engine, record, exit);
    }

    /// <summary>Processes that carry an engine's mark but have no record get one, and are then like any others.</summary>
    private RunRecord? Adopt(EngineId engine, RunFolder run, ProcessTable table)
    {
        // The table may be older than the look at the record: what it shows may have ended and been released since.
        if (table.TreeOf(engine, null).Where(ProcessTable.IsRunning).ToList() is not { Count: > 0 } tree)
            return null;
        // It may be newer, too: a launch is on record before it forks, so one that began between the two looks has its record by now.
        if (run.ReadRecord() is { } launched)
            return launched;
        var first = tree.MinBy(process => process.Pid)!;
        var uid = ProcessTable.EnvironmentOf(first.Pid, "AIGC_ENGINE_UID="u8) ?? Guid.NewGuid().ToString("N");
        var record = new RunRecord(uid, Generation: 0, Port: 0, time.GetUtcNow(), Machine.Boot, time.GetTimestamp());
        terms.Require(term);
        if (!run.TryWriteFirst(record))
            return run.ReadRecord();
        Log.Adopted(log, engine);
        return record;
    }

    private Compute ToCompute(EngineId engine, RunRecord record, ExitRecord? exit)
    {
        if (exit is null)
            _ports[engine] = record.Port;
        else
            _ports.TryRemove(engine, out _);
        // What was written by another's clock, or before ours was set, is not allowed to lie ahead.
        var now = time.GetUtcNow();
        var started = record.StartedAt < now ? record.StartedAt : now;
        // Nothing ends before it started, whatever the clocks say.
        DateTimeOffset? ended = exit is null ? null : exit.At > started ? exit.At : started;
        var phase = ended is not null ? ComputePhase.Exited
            : record.StopRequestedAt is not null ? ComputePhase.Stopping
            : ComputePhase.Running;
        var since = ended ?? (phase == ComputePhase.Stopping
            ? Since(record.Boot, record.StopRequestedAt!.Value, record.StopRequestedTick, now)
            : Since(record.Boot, record.StartedAt, record.StartedTick, now));
        return new(engine, record.Uid, record.Generation, phase, started, since, record.Address, exit?.Code, ended);
    }

    /// <summary>For deadlines: the moment by the monotonic clock, where the time of day has been set since. Setting it fails no engine.</summary>
    private DateTimeOffset Since(string boot, DateTimeOffset at, long tick, DateTimeOffset now)
    {
        var age = boot == Machine.Boot ? time.GetElapsedTime(tick) : TimeSpan.Zero;
        var by = age > TimeSpan.Zero ? now - age : now;
        return (by - at).Duration() < ClockNoise ? (at < now ? at : now) : by;
    }

    private static readonly TimeSpan ClockNoise = TimeSpan.FromSeconds(0.5);
}
