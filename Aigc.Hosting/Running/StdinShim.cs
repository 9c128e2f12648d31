namespace Aspire.Hosting.Running;

/// <summary>Ends a program that knows nothing of stdin when the AppHost's end of the pipe closes.</summary>
internal static class StdinShim
{
    // The watcher keeps neither output open, so the AppHost sees the program's last line.
    // $$ leads the process group where setsid made one; elsewhere only the program itself is ended.
    private const string Script = """
        exec 3<&0
        "$@" 3<&- </dev/null &
        program=$!
        trap 'kill -TERM $program 2>/dev/null' TERM INT
        (
          trap '' TERM INT
          while read -r _; do :; done <&3
          kill -TERM $program
          left=5
          while [ $left -gt 0 ] && kill -0 $program; do sleep 1; left=$((left - 1)); done
          kill -KILL -$$ || kill -KILL $program
        ) >/dev/null 2>&1 &
        watcher=$!
        exec 3<&-
        wait $program; code=$?
        while kill -0 $program 2>/dev/null; do wait $program; code=$?; done
        kill -KILL $watcher 2>/dev/null
        exit $code
        """;

    public static ProcessSpec Wrap(ProcessSpec spec) => OperatingSystem.IsWindows()
        ? spec
        : spec with { FileName = "/bin/sh", Arguments = ["-c", Script, "sh", spec.FileName, .. spec.Arguments] };
}
