namespace Aspire.Hosting.Stores;

internal enum StoreKind
{
    Embedded,
    Machine,
    Containers,
}

/// <summary>
/// What the last run on a data folder used. The next one stays with it: other stores would show an empty product,
/// and what people do there would be missing here.
/// </summary>
internal static class KeptKind
{
    public static StoreKind? Read(string folder) =>
        File.Exists(PathIn(folder)) && Enum.TryParse<StoreKind>(File.ReadAllText(PathIn(folder)).Trim(), ignoreCase: true, out var kind) ? kind : null;

    public static void Write(string folder, StoreKind kind)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(PathIn(folder), $"{kind.ToString().ToLowerInvariant()}\n");
    }

    private static string PathIn(string folder) => Path.Combine(folder, "stores");
}
