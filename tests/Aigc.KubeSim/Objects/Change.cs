namespace Aigc.KubeSim.Objects;

/// <summary>One write: what was there, what is there since.</summary>
/// <param name="Before">Null for a new object.</param>
/// <param name="After">For a deletion the object as it was last, with the version of its deletion.</param>
internal sealed record Change(long Version, StoredObject? Before, StoredObject After, bool IsDeletion)
{
    public ObjectKey Key => After.Key;
}
