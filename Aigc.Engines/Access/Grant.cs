using System.Text.Json.Serialization;

namespace Aigc.Engines.Access;

[JsonConverter(typeof(JsonStringEnumConverter<SubjectKind>))]
public enum SubjectKind
{
    Person,

    /// <summary>Everybody of the engine's group.</summary>
    Group,
}

[JsonConverter(typeof(JsonStringEnumConverter<AccessLevel>))]
public enum AccessLevel
{
    /// <summary>A share: the owner lets somebody look.</summary>
    View,

    /// <summary>An administrator's access for a limited time.</summary>
    Use,
}

/// <summary>Lets somebody besides the owner at an engine. Travels with the engine and its route, so that nobody has to be asked.</summary>
/// <param name="Subject">The id of the person or group.</param>
/// <param name="Until">Null: until it is taken back.</param>
public sealed record Grant(SubjectKind Kind, string Subject, AccessLevel Level, DateTimeOffset? Until);
