namespace Aigc.Disks;

/// <summary>Uploads that are under way, beside the file that each will be, and what was left of them: not listed.</summary>
internal static class Uploads
{
    private const string Prefix = ".aigc-upload-";

    /// <summary>Those of this process.</summary>
    private static readonly string Mine = $"{Prefix}{Guid.NewGuid():N}-";

    public static string NewName() => $"{Mine}{Guid.NewGuid():N}";

    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Removes those of processes before this one.</summary>
    /// <returns>How many.</returns>
    public static int Clear(string root, CancellationToken ct)
    {
        var removed = 0;
        var folders = new Stack<DiskPath>([DiskPath.Root]);
        while (folders.TryPop(out var path))
        {
            try
            {
                using var folder = OpenFolder.Open(root, path);
                foreach (var entry in folder.Entries())
                {
                    ct.ThrowIfCancellationRequested();
                    if (IsOne(entry.Name) && !entry.Name.StartsWith(Mine, StringComparison.Ordinal) && entry is FileInfo)
                    {
                        entry.Delete();
                        removed++;
                    }
                    else if (entry is DirectoryInfo && DiskPath.TryParse(path.IsRoot ? entry.Name : $"{path}/{entry.Name}", out var below, out _))
                    {
                        // Opening it refuses links, and what is so deep that nobody can upload to it has no path.
                        folders.Push(below);
                    }
                }
            }
            catch (Exception e) when (e is DiskException or IOException or UnauthorizedAccessException)
            {
                // A folder that is not ours to read, or has gone meanwhile, keeps no other from being looked at.
            }
        }

        return removed;
    }
}
