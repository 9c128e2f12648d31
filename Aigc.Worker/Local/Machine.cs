using System.Globalization;
using System.Runtime.InteropServices;

namespace Aigc.Worker.Local;

/// <summary>What the runtime asks of the operating system itself.</summary>
internal static class Machine
{
    public const int Terminate = 15;
    public const int Kill = 9;
    private const int NoSuchProcess = 3;

    /// <summary>Names the machine's current boot.</summary>
    public static string Boot { get; } = File.Exists("/proc/sys/kernel/random/boot_id")
        ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
        // Elsewhere the hour of the boot must do: the clock may be set between two readings.
        : BootedAt(TimeProvider.System).ToString("yyyyMMddHH", CultureInfo.InvariantCulture);

    public static DateTimeOffset BootedAt(TimeProvider time) => time.GetUtcNow() - TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <summary>A process that ended meanwhile is as good as signalled.</summary>
    public static void Signal(int pid, int signal) => _ = SendSignal(pid, signal);

    public static bool Exists(int pid) => SendSignal(pid, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
