using Microsoft.AspNetCore.StaticFiles;

namespace Aigc.Disks;

/// <summary>What a file is taken for: its name decides, not its content.</summary>
public static class FileTypes
{
    private static readonly FileExtensionContentTypeProvider Known = new();

    public static string Of(DiskPath path) =>
        !path.IsRoot && Known.TryGetContentType(path.Name, out var type) ? type : "application/octet-stream";
}
