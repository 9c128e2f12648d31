using System.Globalization;
using Aigc.Worker.Local;

namespace Aigc.Worker.Leading;

/// <summary>A worker's name in the lease: the machine, the process, and when it started. People read it, and a standby on the same machine checks it.</summary>
internal sealed record Holder(string Machine, int Pid, string Started, string Space)
{
    /// <summary>Where a pid means the same process: this boot and, in containers, this pid namespace.</summary>
    private static readonly string Here = $"{Local.Machine.Boot}/{PidNamespace()}";

    public static Holder Self { get; } = new(
        Environment.MachineName, Environment.ProcessId, ProcessTable.Find(Environment.ProcessId)?.Started ?? "?", Here);

    /// <summary>Null for what this program did not write.</summary>
    public static Holder? Parse(string text) =>
        text.Split('|') is [var machine, var pid, var started, var space] && int.TryParse(pid, CultureInfo.InvariantCulture, out var number)
            ? new(machine, number, started, space)
            : null;

    /// <summary>Certain that the process has ended. False for other machines and whenever in doubt.</summary>
    public bool IsGone()
    {
        if (Machine != Self.Machine || Space != Here || OperatingSystem.IsWindows())
            return false;
        if (!Local.Machine.Exists(Pid))
            return true;
        return ProcessTable.Find(Pid) is { } now && (now.Ended || now.Started != Started);
    }

    public override string ToString() => $"{Machine}|{Pid}|{Started}|{Space}";

    private static string PidNamespace() => OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget ?? "?" : "-";
}
