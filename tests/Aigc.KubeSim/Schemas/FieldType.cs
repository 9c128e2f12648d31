namespace Aigc.KubeSim.Schemas;

internal enum Shape
{
    /// <summary>A string, number or boolean; <see cref="FieldType.Name"/> says which.</summary>
    Scalar,
    /// <summary>Named fields.</summary>
    Struct,
    /// <summary>Any names, values of one type.</summary>
    Map,
    List,
    /// <summary>Anything: what the schema does not describe.</summary>
    Any,
}

/// <summary>What a field holds, and how two versions of it are merged.</summary>
/// <param name="Name">Of a scalar or a struct.</param>
/// <param name="Item">Of a list or map.</param>
/// <param name="Keys">Of a list whose items are merged by these fields.</param>
/// <param name="IsSet">A list whose items are merged by value.</param>
/// <param name="IsAtomic">Replaced as a whole by an apply.</param>
/// <param name="PatchKey">The field by which a strategic merge patch finds items; null: it replaces the list.</param>
/// <param name="PatchesSet">A strategic merge patch adds to the list.</param>
/// <param name="DefaultValue">Of a field that is a key of its list.</param>
internal sealed record FieldType(
    Shape Shape, string Name, FieldType? Item = null, IReadOnlyList<string>? Keys = null, bool IsSet = false, bool IsAtomic = false,
    string? PatchKey = null, bool PatchesSet = false, string? DefaultValue = null, bool IsRequired = false)
{
    public static readonly FieldType Anything = new(Shape.Any, "any", IsAtomic: true);
}
