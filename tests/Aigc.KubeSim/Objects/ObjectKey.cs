namespace Aigc.KubeSim.Objects;

/// <param name="Namespace">Empty for what belongs to the whole cluster.</param>
internal readonly record struct ObjectKey(ResourceType Type, string Namespace, string Name) : IComparable<ObjectKey>
{
    /// <summary>Lists come in the order of the store's keys.</summary>
    public string Path => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    public int CompareTo(ObjectKey other) => string.CompareOrdinal(Path, other.Path);

    public override string ToString() => $"{Type.Plural} {Path}";
}
