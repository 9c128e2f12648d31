namespace Aigc.Disks;

/// <summary>The files of one disk; nothing outside of it.</summary>
/// <param name="root">The disk's folder; made when something is written to it first.</param>
public sealed class DiskFiles(string root)
{
    private const int CopyBufferBytes = 128 * 1024;

    /// <summary>Links, pipes and the like are left out.</summary>
    public DiskListing List(DiskPath path)
    {
        if (path.IsRoot && !Directory.Exists(root))
            return new("", []);
        using var folder = OpenFolder.Open(Existing(path), path);
        var entries = folder.Entries()
            .Where(info => !Uploads.IsOne(info.Name))
            .Select(info => ToEntry(info, PlainHandle.KindOf(folder.PathOf(info.Name))))
            .OfType<DiskEntry>()
            .OrderBy(entry => entry.Kind).ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
        return new(path.ToString(), [.. entries]);
    }

    public FileStream OpenRead(DiskPath path)
    {
        if (path.IsRoot)
            throw DiskException.NotFound("");
        using var folder = OpenFolder.Open(Existing(path), path.Folder);
        return new(folder.OpenFile(path.Name), FileAccess.Read, bufferSize: 0);
    }

    /// <summary>The file appears whole or not at all.</summary>
    public async Task WriteAsync(DiskPath path, Stream content, bool overwrite, CancellationToken ct)
    {
        if (path.IsRoot)
            throw new DiskException(400, "not-a-plain-file", "The disk itself can't be written to; name a file.");
        using var folder = OpenFolder.Open(Directory.CreateDirectory(root).FullName, path.Folder, create: true);
        var target = folder.PathOf(path.Name);
        RefuseTarget(PlainHandle.KindOf(target), overwrite, path);
        var upload = folder.PathOf(Uploads.NewName());
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
    public void Delete(DiskPath path)
    {
        if (path.IsRoot)
            throw new DiskException(400, "not-a-plain-file", "The disk itself goes with its engine; name a file or folder.");
        using var folder = OpenFolder.Open(Existing(path), path.Folder);
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

    /// <summary>Removes what uploads left that were cut off with their process. Only for who serves the disk alone.</summary>
    /// <returns>How many there were.</returns>
    public int ClearUploads(CancellationToken ct) => Uploads.Clear(root, ct);

    private string Existing(DiskPath path) => Directory.Exists(root) ? root : throw DiskException.NotFound(path.ToString());

    private static DiskEntry? ToEntry(FileSystemInfo info, FileKind kind) => kind switch
    {
        FileKind.File => new(info.Name, DiskEntryKind.File, info is FileInfo file ? file.Length : 0, info.LastWriteTimeUtc),
        FileKind.Folder => new(info.Name, DiskEntryKind.Folder, 0, info.LastWriteTimeUtc),
        _ => null,
    };

    private static void RefuseTarget(FileKind target, bool overwrite, DiskPath path)
    {
        if (target == FileKind.Folder)
            throw DiskException.IsFolder(path.ToString());
        if (target == FileKind.Other)
            throw DiskException.NotPlain(path.ToString());
        if (target == FileKind.File && !overwrite)
            throw DiskException.AlreadyThere(path.ToString());
    }

    private static void MoveInto(string target, string upload, bool overwrite, DiskPath path)
    {
        try
        {
            File.Move(upload, target, overwrite);
        }
        catch (IOException e) when (!overwrite && PlainHandle.KindOf(target) != FileKind.Missing)
        {
            throw DiskException.AlreadyThere(path.ToString(), e);
        }
    }
}
