using Aigc.Engines.Disks;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Local;

namespace Aigc.Worker.Disks;

/// <summary>The files of engines, whether or not they are awake; nothing outside of their disks.</summary>
public sealed class DiskFiles(DataFolder data)
{
    /// <summary>Uploads that are under way, and what a killed worker left of them: not listed.</summary>
    private const string UploadPrefix = ".aigc-upload-";
    private const int CopyBufferBytes = 128 * 1024;

    /// <summary>Links, pipes and the like are left out.</summary>
    public DiskListing List(EngineId engine, DiskPath path)
    {
        var root = data.DiskOf(engine);
        if (path.IsRoot && !Directory.Exists(root))
            return new("", []);
        using var folder = OpenFolder.Open(Existing(root, path), path);
        var entries = new DirectoryInfo(folder.Self).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 })
            .Where(info => !info.Name.StartsWith(UploadPrefix, StringComparison.Ordinal))
            .Select(info => ToEntry(info, PlainHandle.KindOf(folder.PathOf(info.Name))))
            .OfType<DiskEntry>()
            .OrderBy(entry => entry.Kind).ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
        return new(path.ToString(), [.. entries]);
    }

    public FileStream OpenRead(EngineId engine, DiskPath path)
    {
        if (path.IsRoot)
            throw DiskException.NotFound("");
        using var folder = OpenFolder.Open(Existing(data.DiskOf(engine), path), path.Folder);
        return new(folder.OpenFile(path.Name), FileAccess.Read, bufferSize: 0);
    }

    /// <summary>The file appears whole or not at all.</summary>
    public async Task WriteAsync(EngineId engine, DiskPath path, Stream content, bool overwrite, CancellationToken ct)
    {
        if (path.IsRoot)
            throw new DiskException(400, "not-a-plain-file", "The disk itself can't be written to; name a file.");
        using var folder = OpenFolder.Open(Directory.CreateDirectory(data.DiskOf(engine)).FullName, path.Folder, create: true);
        var target = folder.PathOf(path.Name);
        RefuseTarget(PlainHandle.KindOf(target), overwrite, path);
        var upload = folder.PathOf(UploadPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            await using (var stream = new FileStream(upload, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0))
                await content.CopyToAsync(stream, CopyBufferBytes, ct);
            MoveInto(target, upload, overwrite, path);
        }
        finally
        {
            File.Delete(upload);
        }
    }

    /// <summary>Deletes a file, a link (not what it leads to), or a folder and all in it. What is not there is deleted already.</summary>
    public void Delete(EngineId engine, DiskPath path)
    {
        if (path.IsRoot)
            throw new DiskException(400, "not-a-plain-file", "The disk itself goes with its engine; name a file or folder.");
        using var folder = OpenFolder.Open(Existing(data.DiskOf(engine), path), path.Folder);
        var target = folder.PathOf(path.Name);
        switch (PlainHandle.KindOf(target))
        {
            case FileKind.Missing:
                throw DiskException.NotFound(path.ToString());
            case FileKind.Folder:
                Directory.Delete(target, recursive: true);
                break;
            default:
                File.Delete(target);
                break;
        }
    }

    private static string Existing(string root, DiskPath path) => Directory.Exists(root) ? root : throw DiskException.NotFound(path.ToString());

    private static DiskEntry? ToEntry(FileSystemInfo info, FileKind kind) => kind switch
    {
        FileKind.File => new(info.Name, DiskEntryKind.File, info is FileInfo file ? file.Length : 0, info.LastWriteTimeUtc),
        FileKind.Folder => new(info.Name, DiskEntryKind.Folder, 0, info.LastWriteTimeUtc),
        _ => null,
    };

    private static void RefuseTarget(FileKind target, bool overwrite, DiskPath path)
    {
        if (target == FileKind.Folder)
            throw new DiskException(409, "is-a-folder", $"\"{path}\" is a folder.");
        if (target == FileKind.Other)
            throw DiskException.NotPlain(path.ToString());
        if (target == FileKind.File && !overwrite)
            throw AlreadyThere(path);
    }

    private static void MoveInto(string target, string upload, bool overwrite, DiskPath path)
    {
        try
        {
            File.Move(upload, target, overwrite);
        }
        catch (IOException e) when (!overwrite && PlainHandle.KindOf(target) != FileKind.Missing)
        {
            throw AlreadyThere(path, e);
        }
    }

    private static DiskException AlreadyThere(DiskPath path, Exception? inner = null) =>
        new(412, "already-there", $"\"{path}\" is there already.", inner);
}
