using Aigc.Disks;

namespace Aigc.Api.Dashboard.Files;

/// <summary>Whether a folder can be seen, or why not.</summary>
public enum DiskSight
{
    Seen,
    NoSuchFolder,

    /// <summary>In a cluster, only engines that are awake show their files.</summary>
    Asleep,

    /// <summary>It is awake, and about to show them.</summary>
    NotReady,

    /// <summary>It was started too long ago to show them.</summary>
    NeedsRestart,
    TooMany,

    /// <summary>They are not shown by this gateway.</summary>
    NotHere,

    /// <summary>The worker cannot be asked.</summary>
    Away,
}

/// <param name="Entries">Folders first, then by name.</param>
public sealed record FolderView(DiskSight Sight, IReadOnlyList<DiskEntry> Entries)
{
    public FolderView(DiskSight sight)
        : this(sight, [])
    {
    }
}
