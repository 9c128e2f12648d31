using System.Text.Json.Serialization;

namespace Aigc.Disks;

[JsonConverter(typeof(JsonStringEnumConverter<DiskEntryKind>))]
public enum DiskEntryKind
{
    [JsonStringEnumMemberName("folder")]
    Folder,

    [JsonStringEnumMemberName("file")]
    File,
}

/// <summary>A file or folder on an engine's disk.</summary>
public sealed record DiskEntry(string Name, DiskEntryKind Kind, long Size, DateTimeOffset ModifiedAt);

/// <param name="Entries">Folders first, then by name.</param>
public sealed record DiskListing(string Path, IReadOnlyList<DiskEntry> Entries);
