namespace Aigc.DemoEngine.Images;

/// <summary>The disk refused an image; nothing of it is left behind.</summary>
internal sealed class ImageNotSavedException(Exception inner)
    : Exception(IsFull(inner) ? "The disk of this engine is full. Delete images and try again." : "The image could not be saved.", inner)
{
    public bool DiskIsFull { get; } = IsFull(inner);

    // ENOSPC and EDQUOT on Linux, ERROR_DISK_FULL on Windows.
    private static bool IsFull(Exception e) => e.HResult is 28 or 122 or unchecked((int)0x80070070);
}
