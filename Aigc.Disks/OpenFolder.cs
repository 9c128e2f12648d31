using Microsoft.Win32.SafeHandles;

namespace Aigc.Disks;

/// <summary>A folder of a disk, held open, reached from the disk's root one name at a time without following a link.</summary>
internal sealed class OpenFolder : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _realPath;
    private readonly string _shown;

    private OpenFolder(string path, string realPath, string shown)
    {
        _handle = PlainHandle.Open(path, realPath, FileKind.Folder, shown);
        (_realPath, _shown) = (realPath, shown);
    }

    /// <param name="root">The disk; it must be there.</param>
    public static OpenFolder Open(string root, DiskPath path, bool create = false)
    {
        var folder = new OpenFolder(root, RealPathOf(root), "");
        foreach (var name in path.Names)
        {
            using var parent = folder;
            if (create)
                Directory.CreateDirectory(parent.PathOf(name));
            folder = new OpenFolder(parent.PathOf(name), Path.Combine(parent._realPath, name), parent.Shown(name));
        }

        return folder;
    }

    /// <summary>The folder itself.</summary>
    public string Self => OperatingSystem.IsLinux() ? PlainHandle.PathOf(_handle) : _realPath;

    /// <summary>A path to something in the folder that stays right while the folder is open, even if it is moved.</summary>
    public string PathOf(string name) => Path.Combine(Self, name);

    public IEnumerable<FileSystemInfo> Entries() =>
        new DirectoryInfo(Self).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 });

    public SafeFileHandle OpenFile(string name) =>
        PlainHandle.Open(PathOf(name), Path.Combine(_realPath, name), FileKind.File, Shown(name));

    public string Shown(string name) => _shown.Length == 0 ? name : $"{_shown}/{name}";

    public void Dispose() => _handle.Dispose();

    /// <summary>The operator's own links above the disk are fine.</summary>
    private static string RealPathOf(string root)
    {
        var real = Path.GetPathRoot(root)!;
        foreach (var name in Path.GetFullPath(root)[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, name);
            real = Directory.ResolveLinkTarget(next, returnFinalTarget: true) is { } target ? RealPathOf(target.FullName) : next;
        }

        return real;
    }
}
