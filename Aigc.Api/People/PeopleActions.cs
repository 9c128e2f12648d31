using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.Extensions.Options;

namespace Aigc.Api.People;

/// <summary>What administrators do with people and groups, for REST and dashboard alike.</summary>
public sealed class PeopleActions(DeletionStore deletions, EndedCredentials ended, IOptions<DeletionOptions> options)
{
    public TimeSpan KeepDisksFor => options.Value.KeepDisksFor;

    /// <returns>Null when it is done, or what kept it from happening.</returns>
    public async Task<Outcome?> DeletePersonAsync(Caller caller, UserId person, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return new Outcome.Forbidden("Only administrators delete people. Ask one of them.");
        if (person == caller.UserId)
            return new Outcome.Conflict("You cannot delete yourself. Ask another administrator.");
        return await DeletedAsync(deletions.DeletePersonAsync(person, KeepDisksFor, caller.Actor, cancellationToken), cancellationToken);
    }

    /// <returns>Null when it is done, or what kept it from happening.</returns>
    public async Task<Outcome?> DeleteGroupAsync(Caller caller, GroupId group, CancellationToken cancellationToken)
    {
        if (caller.Role != Role.Admin)
            return new Outcome.Forbidden("Only administrators delete groups. Ask one of them.");
        if (group == caller.Group)
            return new Outcome.Conflict("You are in this group yourself. Ask an administrator of another group.");
        return await DeletedAsync(deletions.DeleteGroupAsync(group, KeepDisksFor, caller.Actor, cancellationToken), cancellationToken);
    }

    private async Task<Outcome?> DeletedAsync(Task<bool> deletion, CancellationToken cancellationToken)
    {
        if (!await deletion)
            return new Outcome.NotFound();
        await ended.TellAsync(cancellationToken);
        return null;
    }
}
