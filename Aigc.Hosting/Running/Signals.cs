using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Aspire.Hosting.Running;

[UnsupportedOSPlatform("windows")]
internal static partial class Signals
{
    private const int Kill = 9;
    private const int Term = 15;

    public static void Terminate(int pid) => _ = Send(pid, Term);

    /// <summary>Whatever is left in the group that this process leads; nothing where it leads none.</summary>
    public static void KillGroup(int pid) => _ = Send(-pid, Kill);

    // A process that has just ended makes this fail, which is what was wanted.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
