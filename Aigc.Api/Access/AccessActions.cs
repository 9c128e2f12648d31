using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Api.Access;

/// <summary>What came of it, and the grants that it is about.</summary>
public sealed record AccessOutcome(Outcome Outcome, IReadOnlyList<EngineGrant> Grants);

/// <summary>Letting others at an engine, for REST and dashboard alike: its owner shares it, an administrator opens it for a limited time.</summary>
public sealed class AccessActions(EngineActions engines, AccessStore access, PeopleStore people, TimeProvider time)
{
    public static readonly TimeSpan DefaultAccess = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestAccess = TimeSpan.FromHours(8);
    public const int LongestReason = 200;
    public const int MostShares = 100;

    public Task<AccessOutcome> SharesAsync(Caller caller, EngineId id, CancellationToken cancellationToken) =>
        WithAsync(caller, id, Rights.Own, "see whom it is shared with", async engine =>
            new(new Outcome.Ok(engine), await access.ListSharesAsync(id, cancellationToken)), cancellationToken);

    /// <param name="userName">The person; null: the engine's group.</param>
    public Task<AccessOutcome> ShareAsync(Caller caller, EngineId id, string? userName, CancellationToken cancellationToken) =>
        WithAsync(caller, id, Rights.Own, "share it", async engine =>
        {
            if ((await access.ListSharesAsync(id, cancellationToken)).Count >= MostShares)
                return Refused(new Outcome.Conflict($"An engine is shared at most {MostShares} times. Take a share back first, or share it with the group."));
            var (subject, mistake) = userName is null ? GroupOf(engine) : await PersonAsync(userName.Trim(), engine, cancellationToken);
            return mistake is not null
                ? Refused(mistake)
                : Answer(engine, await access.ShareAsync(
                    id, userName is null ? SubjectKind.Group : SubjectKind.Person, subject, caller.Actor, cancellationToken));
        }, cancellationToken);

    public Task<AccessOutcome> UnshareAsync(Caller caller, EngineId id, string share, CancellationToken cancellationToken) =>
        WithAsync(caller, id, Rights.Own, "take a share back", async engine =>
            Answer(engine, await access.UnshareAsync(id, share, caller.Actor, cancellationToken)), cancellationToken);

    /// <summary>Administrators' accesses in force, and those of the last days.</summary>
    public Task<AccessOutcome> AccessesAsync(Caller caller, EngineId id, CancellationToken cancellationToken) =>
        WithAsync(caller, id, Rights.Manage, "see who has opened it", async engine =>
            new(new Outcome.Ok(engine), await access.ListAccessesAsync(id, cancellationToken)), cancellationToken);

    /// <summary>An administrator opens somebody's engine for themselves. The owner is told who, why, and until when.</summary>
    public Task<AccessOutcome> OpenAsync(Caller caller, EngineId id, string? reason, TimeSpan duration, CancellationToken cancellationToken) =>
        WithAsync(caller, id, Rights.See, "see it", async engine =>
        {
            if (engine.Owner == caller.UserId)
                return Refused(new Outcome.Invalid("The engine is yours: open it as you always do."));
            if (caller.Role != Role.Admin)
                return Refused(new Outcome.Forbidden("Only administrators open somebody's engine for a limited time. Ask its owner to share it with you."));
            if (reason?.Trim() is not { Length: > 0 and <= LongestReason } why || why.Any(char.IsControl))
                return Refused(new Outcome.Invalid($"Say why, in one line of 1 to {LongestReason} characters, as {{\"reason\": \"…\"}}. The owner reads it."));
            if (duration < TimeSpan.FromMinutes(1) || duration > LongestAccess)
                return Refused(new Outcome.Invalid(Minutes));
            return Answer(engine, await access.OpenAsync(id, caller.UserId, why, time.GetUtcNow() + duration, caller.Actor, cancellationToken));
        }, cancellationToken);

    /// <summary>The owner ends everybody's access, an administrator their own.</summary>
    public Task<AccessOutcome> CloseAsync(Caller caller, EngineId id, CancellationToken cancellationToken) =>
        WithAsync(caller, id, Rights.See, "see it", async engine =>
            Answer(engine, await access.CloseAsync(
                id, engine.Owner == caller.UserId ? null : caller.UserId, caller.Actor, cancellationToken)), cancellationToken);

    private static readonly string Minutes = string.Create(
        CultureInfo.InvariantCulture, $"'minutes' is 1 to {LongestAccess.TotalMinutes:0}; without it, {DefaultAccess.TotalMinutes:0}.");

    private static (string Subject, Outcome? Mistake) GroupOf(Engine engine) => engine.Group.IsTenant
        ? (engine.Group.Value, null)
        : ("", new Outcome.Invalid("This engine belongs to no group. Share it with people, by their user names."));

    private async Task<(string Subject, Outcome? Mistake)> PersonAsync(string userName, Engine engine, CancellationToken cancellationToken) =>
        await people.FindByUserNameAsync(userName, cancellationToken) switch
        {
            [] => ("", new Outcome.Invalid($"Nobody named '{userName}' has signed in yet. Ask them for their user name, and to sign in once.")),
            [var one] when one.Id == engine.Owner => ("", new Outcome.Invalid("The engine is yours already.")),
            [var one] => (one.Id.Value, null),
            _ => ("", new Outcome.Invalid($"Several people are named '{userName}': it would not be certain who sees your engine. Ask an administrator.")),
        };

    private async Task<AccessOutcome> WithAsync(
        Caller caller, EngineId id, Rights needed, string what, Func<Engine, Task<AccessOutcome>> act, CancellationToken cancellationToken) =>
        await engines.FindAsync(caller, id, needed, what, cancellationToken) switch
        {
            Outcome.Ok { Engine: var engine } => await act(engine),
            var other => Refused(other),
        };

    private static AccessOutcome Answer(Engine engine, EngineGrant? grant) =>
        grant is null ? Refused(new Outcome.NotFound()) : new(new Outcome.Ok(engine), [grant]);

    private static AccessOutcome Refused(Outcome outcome) => new(outcome, []);
}
