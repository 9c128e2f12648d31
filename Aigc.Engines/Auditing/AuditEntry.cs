using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Auditing;

public enum AuditOutcome
{
    Done,

    /// <summary>It was not allowed, and nothing happened.</summary>
    Refused,

    /// <summary>It was allowed and did not come about.</summary>
    Failed,
}

/// <summary>What something was done to.</summary>
/// <param name="Kind"><c>engine</c>, <c>template</c>, <c>token</c>, <c>person</c>, <c>group</c> ...</param>
/// <param name="Owner">Whose it is: they see the entry too.</param>
/// <param name="Group">The tenant: its manager sees the entry too.</param>
public sealed record AuditTarget(string Kind, string Id, string? Name = null, UserId? Owner = null, GroupId? Group = null)
{
    public static AuditTarget Of(Engine engine) => new("engine", engine.Id.Value, engine.Host, engine.Owner, engine.Group);
}

/// <summary>One line of the audit log.</summary>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Detail">Why, or what exactly; for people.</param>
public sealed record AuditEntry(string Action, AuditOutcome Outcome, Actor Actor, AuditTarget? Target = null, string? Detail = null);
