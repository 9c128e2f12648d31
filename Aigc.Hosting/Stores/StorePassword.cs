namespace Aspire.Hosting.Stores;

/// <summary>A server's password: generated once and kept beside its data, for its owner alone to read.</summary>
internal static class StorePassword
{
    private static readonly GenerateParameterDefault Generated = new() { MinLength = 32, Special = false };

    public static string? Kept(string folder) => File.Exists(PathIn(folder)) && File.ReadAllText(PathIn(folder)).Trim() is { Length: > 0 } password ? password : null;

    /// <summary>The parameter's value where one is given.</summary>
    public static string Of(string folder, ParameterResource? given) => given?.Value ?? Kept(folder) ?? Generated.GetDefaultValue();

    public static void Keep(string folder, string password) => PrivateFile.Write(PathIn(folder), password);

    public static string PathIn(string folder) => Path.Combine(folder, "password");
}

internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces the file in one step; nobody else can read it at any moment.</summary>
    public static void Write(string path, string content)
    {
        // New, so that no link of the server's account leads root elsewhere.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        File.Delete($"{path}.new");
        using (var writer = new StreamWriter($"{path}.new", options)) writer.Write(content);
        File.Move($"{path}.new", path, overwrite: true);
    }

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
    }
}
