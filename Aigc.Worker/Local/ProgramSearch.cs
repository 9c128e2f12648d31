namespace Aigc.Worker.Local;

internal static class ProgramSearch
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Finds a program as a shell does: a path is taken from the working folder, a name is looked up in PATH.</summary>
    /// <returns>The full path, or null.</returns>
    public static string? Find(string command, string searchPath, string workingFolder)
    {
        if (command.Length == 0)
            return null;
        var candidates = command.Contains('/')
            ? [Path.Combine(workingFolder, command)]
            : searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, command));
        return candidates.FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
