namespace Aspire.Hosting.Running;

/// <summary>
/// A terminal's Ctrl+C goes to every process of its foreground group. In a session of their own (<c>setsid</c>)
/// the children do not get it, and the AppHost ends them in order.
/// </summary>
internal static class ProcessGroup
{
    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : Find("setsid");

    public static bool Supported => SetSid is not null;

    // setsid calls exec, so the pid is the program's own and the leader of the new group.
    public static ProcessSpec InOwnGroup(ProcessSpec spec) => SetSid is null
        ? spec
        : spec with { FileName = SetSid, Arguments = [spec.FileName, .. spec.Arguments] };

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, program))
        .FirstOrDefault(File.Exists);
}
