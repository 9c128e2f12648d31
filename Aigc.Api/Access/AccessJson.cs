using Aigc.Engines.Access;

namespace Aigc.Api.Access;

/// <param name="UserName">Whom to share with; instead, <paramref name="Group"/>.</param>
/// <param name="Group">True: with everybody of the engine's group.</param>
public sealed record ShareRequest(string? UserName = null, bool Group = false);

/// <param name="Name">The person's user name, or the group.</param>
public sealed record ShareJson(string Id, SubjectKind Kind, string Name, AccessLevel Level, DateTimeOffset CreatedAt)
{
    public static ShareJson Of(EngineGrant grant) =>
        new(grant.Id, grant.Grant.Kind, grant.SubjectName, grant.Grant.Level, grant.CreatedAt);
}

/// <param name="Reason">Why; the owner reads it.</param>
/// <param name="Minutes">1 to 480.</param>
public sealed record AdminAccessRequest(string? Reason, int Minutes = 60);

/// <param name="UserName">The administrator's.</param>
public sealed record AdminAccessJson(string Id, string UserName, string Reason, DateTimeOffset CreatedAt, DateTimeOffset Until)
{
    public static AdminAccessJson Of(EngineGrant grant) =>
        new(grant.Id, grant.SubjectName, grant.Reason ?? "", grant.CreatedAt, grant.Grant.Until ?? grant.CreatedAt);
}
