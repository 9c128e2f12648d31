using System.Diagnostics;
using System.Text;

namespace Aigc.Testing;

/// <summary>The processes of this machine, as Linux tells of them.</summary>
public static class Processes
{
    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>Processes whose environment or command names <paramref name="folder"/> and whose command names <paramref name="program"/>.</summary>
    public static IReadOnlyList<int> Find(string folder, string program)
    {
        var found = new List<int>();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), out var pid) || pid == System.Environment.ProcessId)
                continue;
            var (command, environment) = (Read($"{path}/cmdline"), Read($"{path}/environ"));
            if ((environment.Contains(folder, StringComparison.Ordinal) || command.Contains(folder, StringComparison.Ordinal))
                && command.Contains(program, StringComparison.Ordinal) && command.Length > 0)
                found.Add(pid);
        }

        return found;
    }

    public static IReadOnlyList<int> ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0)
            // After the command in parentheses, which may hold blanks: state, parent.
            .Where(pid => pid > 0 && Read($"/proc/{pid}/stat").Split(") ")[^1].Split(' ') is [_, var of, ..] && of == $"{parent}"),
    ];

    public static string CommandOf(int pid) => Read($"/proc/{pid}/cmdline").Replace('\0', ' ');

    /// <summary>What they run; one that has just ended runs nothing.</summary>
    public static IEnumerable<string> Commands(this IEnumerable<int> pids) => pids.Select(CommandOf).Where(command => command.Length > 0);

    /// <summary>A variable that the process was started with.</summary>
    public static string? EnvironmentOf(int pid, string name) => Read($"/proc/{pid}/environ").Split('\0')
        .FirstOrDefault(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
