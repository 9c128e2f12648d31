using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>Ends a program that knows nothing of stdin when the AppHost's end of the pipe closes.</summary>
/// <remarks>
/// After a kill of the AppHost the services end by themselves, and the worker notes in the stores what it ends. So a
/// store stays as long as somebody is connected to its port, up to 12 s; where the system does not tell, 10 s.
/// </remarks>
internal static class StdinShim
{
    // The watcher keeps neither output open, so the AppHost sees the program's last line.
    // $$ leads the process group where setsid made one; elsewhere only the program itself is ended.
    private const string Script = """
        exec 3<&0
        "$@" 3<&- </dev/null &
        program=$!
        trap 'kill -SIGNAL $program 2>/dev/null' TERM INT
        (
          trap '' TERM INT
          while read -r _; do :; done <&3
          LINGER
          kill -SIGNAL $program
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

    // State 01 in these tables is an established connection. The first second is for clients that reconnect just now.
    private const string Linger = """
        if [ -r /proc/net/tcp ]; then
            sleep 1; left=11
            while [ $left -gt 0 ] && grep -Eq '^ *[0-9]+: [0-9A-F]+:PORT [0-9A-F:]+ 01 ' /proc/net/tcp /proc/net/tcp6; do sleep 1; left=$((left - 1)); done
          else sleep 10; fi
        """;

    public static ProcessSpec Wrap(ProcessSpec spec) => Wrap(spec, "TERM", ":");

    /// <param name="port">Where its clients are connected.</param>
    public static ProcessSpec WrapStore(ProcessSpec spec, string signal, int port) =>
        Wrap(spec, signal, Linger.Replace("PORT", port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal));

    private static ProcessSpec Wrap(ProcessSpec spec, string signal, string linger) => OperatingSystem.IsWindows()
        ? spec
        : spec with
        {
            FileName = "/bin/sh",
            Arguments =
            [
                "-c",
                Script.Replace("SIGNAL", signal, StringComparison.Ordinal).Replace("LINGER", linger, StringComparison.Ordinal),
                "sh", spec.FileName, .. spec.Arguments,
            ],
        };
}
