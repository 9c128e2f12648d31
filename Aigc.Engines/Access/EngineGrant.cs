using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Access;

/// <summary>A grant with its story.</summary>
/// <param name="SubjectName">The person's user name, or the group.</param>
/// <param name="GrantedBy">The user name of who gave it.</param>
/// <param name="Reason">Why an administrator opened the engine.</param>
public sealed record EngineGrant(
    string Id, EngineId Engine, Grant Grant, string SubjectName, string GrantedBy, string? Reason, DateTimeOffset CreatedAt);
