using System.Text.Json.Serialization;

namespace Aigc.Engines.People;

/// <summary>A person, by the provider's subject.</summary>
public readonly record struct UserId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The tenant that pays.</summary>
public readonly record struct GroupId(string Value)
{
    /// <summary>Where the provider names no group.</summary>
    public static GroupId None { get; } = new("none");

    /// <summary>False for those without a group: they have nothing in common.</summary>
    [JsonIgnore]
    public bool IsTenant => !string.IsNullOrEmpty(Value) && this != None;

    public override string ToString() => Value;
}
