using System.Diagnostics;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Local;

/// <summary>
/// A shell between the worker and an engine: it owns the log, waits, and writes the exit code,
/// so that an engine neither notices nor needs the worker's life.
/// </summary>
internal static class Shim
{
    // Only builtins: the engine's PATH may lead nowhere. The trap keeps the shim alive while the engine is asked to end;
    // unlike an ignored signal it is not inherited. Its first word goes into the launch's folder: gone, it has been called off.
    // Nothing of the engine's passes through the shell's eyes but "$@".
    private const string Script = """
        run=$1; launch=$1/$2; shift 2
        exec </dev/null >>"$run/log" 2>&1 || exit 127
        trap : TERM INT HUP
        if [ -r "/proc/$$/stat" ]; then read -r line <"/proc/$$/stat"; else line=$(LC_ALL=C /bin/ps -p $$ -o pid=,ppid=,pgid=,stat=,lstart=); fi
        printf '%s\n' "$line" 2>/dev/null >"$launch/shim" || exit 127
        "$@"
        printf '%s\n' "$?" >"$launch/exit"
        """;

    // Where there is no setsid(1), job control gives each background job a process group of its own.
    private const string InOwnGroup = """set -m; /bin/sh "$@" &""";

    /// <returns>Once the shim has put itself on record and the program is about to run.</returns>
    /// <exception cref="EngineStartException">It did not come up.</exception>
    public static async Task LaunchAsync(
        RunFolder run, RunRecord record, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string workingFolder,
        TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        var setsid = ProgramSearch.Find("setsid", "/usr/bin:/bin:/usr/local/bin", "/");
        string[] launcher = setsid is null ? ["/bin/sh", "-c", InOwnGroup, "launch"] : [setsid, "/bin/sh"];
        string[] shim = [.. launcher, "-c", Script, "aigc-engine", run.Path, record.Uid, program, .. arguments];
        var start = new ProcessStartInfo(shim[0], shim[1..]) { WorkingDirectory = workingFolder };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var begun = time.GetTimestamp();
        while (run.ReadShim(record) is null)
        {
            var ended = setsid is not null && process.HasExited;
            if ((ended && run.ReadShim(record) is null) || time.GetElapsedTime(begun) > timeout)
                throw new EngineStartException(new(Reasons.StartFailed, "The engine's run folder can't be written; its disk may be full."));
            await Task.Delay(TimeSpan.FromMilliseconds(2), time, ct);
        }
    }
}
