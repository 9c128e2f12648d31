namespace Aigc.Testing;

/// <summary>Where things are in a checkout.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A project's program, built in the same configuration as the tests.</summary>
    public static string ProgramOf(string project, string folder = "")
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Root, folder, project, "bin", framework.Parent!.Name, framework.Name, $"{project}.dll");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "aigc.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("aigc.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
