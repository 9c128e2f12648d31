namespace Aigc.Worker.Disks;

/// <summary>What was asked of a disk can't be done.</summary>
public sealed class DiskException(int status, string type, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>An HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The last part of the problem's type.</summary>
    public string Type { get; } = type;

    public static DiskException NotFound(string path) => new(404, "not-on-disk", $"There is no \"{path}\" on the engine's disk.");

    /// <summary>Links and pipes: an engine may make them, people can't follow them out of the disk.</summary>
    public static DiskException NotPlain(string path) => new(400, "not-a-plain-file", $"\"{path}\" is not, or leads through something that is not, an ordinary file or folder.");
}
