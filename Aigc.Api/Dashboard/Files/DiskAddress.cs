using Aigc.Engines.Lifecycle;

namespace Aigc.Api.Dashboard.Files;

/// <summary>Where a path on an engine's disk is found on the dashboard and in the API.</summary>
public static class DiskAddress
{
    private static readonly string[] Pictures = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp"];

    public static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    public static string Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string Folder(EngineId engine, string path) =>
        path.Length == 0 ? $"/engines/{engine}/files" : $"/engines/{engine}/files?path={Uri.EscapeDataString(path)}";

    public static string Delete(EngineId engine, string path) => $"/engines/{engine}/files/delete?path={Uri.EscapeDataString(path)}";

    public static string Download(EngineId engine, string path) => $"/api/v1/engines/{engine}/files/content?path={Uri.EscapeDataString(path)}";

    /// <summary>A picture, to be shown rather than saved.</summary>
    public static string Picture(EngineId engine, string path) => $"{Download(engine, path)}&inline=true";

    public static bool IsPicture(string name) => Pictures.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>The folders from the disk down to this one, each with its path.</summary>
    public static IEnumerable<(string Name, string Path)> Way(string path)
    {
        var at = "";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            yield return (name, at = Join(at, name));
    }
}
