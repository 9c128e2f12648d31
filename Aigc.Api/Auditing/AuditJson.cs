using Aigc.Engines.Auditing;

namespace Aigc.Api.Auditing;

/// <param name="Actor">The user name; <c>gateway</c> for the gateway itself.</param>
/// <param name="ActorId">Null for the gateway itself, and for whoever has not said who they are.</param>
/// <param name="Target">The name it had.</param>
public sealed record AuditJson(
    long Id, DateTimeOffset At, string Action, AuditOutcome Outcome, string Actor, string? ActorId, string? Address,
    string? TargetKind, string? TargetId, string? Target, string? OwnerId, string? Detail)
{
    public static AuditJson Of(AuditRecord record) => new(
        record.Id, record.At, record.Action, record.Outcome, record.Actor.Name, record.Actor.Id?.Value, record.Actor.Address,
        record.Target?.Kind, record.Target?.Id, record.Target?.Name, record.Target?.Owner?.Value, record.Detail);
}
