namespace Aigc.Disks;

/// <summary>What was asked of a disk can't be done.</summary>
public sealed class DiskException(int status, string type, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>An HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The last part of the problem's type.</summary>
    public string Type { get; } = type;

    public static DiskException BadPath(string error) => new(400, "bad-path", error);

    public static DiskException NotFound(string path) => new(404, "not-on-disk", $"There is no \"{path}\" on the engine's disk.");

    /// <summary>Links and pipes: an engine may make them, people can't follow them out of the disk.</summary>
    public static DiskException NotPlain(string path) => new(400, "not-a-plain-file", $"\"{path}\" is not, or leads through something that is not, an ordinary file or folder.");

    public static DiskException IsFolder(string path) => new(409, "is-a-folder", $"\"{path}\" is a folder.");

    public static DiskException AlreadyThere(string path, Exception? inner = null) => new(412, "already-there", $"\"{path}\" is there already.", inner);

    public static DiskException NotPermitted(Exception? inner = null) => new(403, "not-permitted", "The engine has made this file or folder inaccessible.", inner);

    public static DiskException Full(Exception? inner = null) => new(507, "disk-full", "The disk is full. Delete files that are no longer needed and try again.", inner);

    /// <summary>The same in our own words, of a problem that somebody else has with a path.</summary>
    /// <returns>Null: it is none of a disk's.</returns>
    public static DiskException? Of(string? type, string path) => type switch
    {
        "not-on-disk" => NotFound(path),
        "not-a-plain-file" => NotPlain(path),
        "is-a-folder" => IsFolder(path),
        "already-there" => AlreadyThere(path),
        "not-permitted" => NotPermitted(),
        "disk-full" => Full(),
        _ => null,
    };
}
