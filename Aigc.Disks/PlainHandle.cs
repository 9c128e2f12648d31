using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Aigc.Disks;

internal enum FileKind
{
    Other,
    File,
    Folder,
    Missing,
}

/// <summary>
/// Opens first and looks afterwards, at what is open: whatever an engine swaps in between, no link is followed out of its disk
/// and no pipe is waited for. Elsewhere than on Linux, it looks first.
/// </summary>
internal static class PlainHandle
{
    // The same numbers on every Linux that .NET runs on.
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint TypeWanted = 1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;

    /// <param name="path">Where to open; may lead through a folder that is already open.</param>
    /// <param name="realPath">Where that must be.</param>
    public static SafeFileHandle Open(string path, string realPath, FileKind kind, string shown)
    {
        if (!OperatingSystem.IsLinux())
            return OpenElsewhere(path, kind, shown);
        var handle = new SafeFileHandle(OpenRaw(path, NonBlockingCloseOnExec), ownsHandle: true);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw KindOf(path) is FileKind.File or FileKind.Folder or FileKind.Missing ? DiskException.NotFound(shown) : DiskException.NotPlain(shown);
        }

        var found = KindOf(handle);
        if (found == kind && File.ResolveLinkTarget(PathOf(handle), returnFinalTarget: false)?.FullName == realPath)
            return handle;
        handle.Dispose();
        throw found is FileKind.File or FileKind.Folder && found != kind ? DiskException.NotFound(shown) : DiskException.NotPlain(shown);
    }

    /// <summary>A way to an open folder that nobody can redirect.</summary>
    public static string PathOf(SafeFileHandle folder) => $"/proc/self/fd/{folder.DangerousGetHandle()}";

    /// <summary>What is there, the last link not followed.</summary>
    public static FileKind KindOf(string path)
    {
        if (OperatingSystem.IsLinux())
            return KindOf(CurrentFolder, path, NoFollow);
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return !info.Exists ? FileKind.Missing
            : info.LinkTarget is not null ? FileKind.Other
            : info is DirectoryInfo ? FileKind.Folder : FileKind.File;
    }

    private static FileKind KindOf(SafeFileHandle handle) => KindOf((int)handle.DangerousGetHandle(), "", EmptyPath);

    private static FileKind KindOf(int folder, string path, int flags)
    {
        // statx, unlike stat, has one layout on every architecture.
        Span<byte> status = stackalloc byte[256];
        if (StatX(folder, path, flags, TypeWanted, ref MemoryMarshal.GetReference(status)) != 0)
            return FileKind.Missing;
        return (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            _ => FileKind.Other,
        };
    }

    private static SafeFileHandle OpenElsewhere(string path, FileKind kind, string shown)
    {
        var found = KindOf(path);
        if (found != kind)
            throw found == FileKind.Other ? DiskException.NotPlain(shown) : DiskException.NotFound(shown);
        return kind == FileKind.File ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : new(-1, ownsHandle: false);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int OpenRaw([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, ref byte status);
}
