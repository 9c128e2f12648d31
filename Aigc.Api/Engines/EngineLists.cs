using Aigc.Api.Callers;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Api.Engines;

/// <summary>Lists of engines, each with what the caller may see of them.</summary>
public sealed class EngineLists(EngineStore engines, AccessStore access, EngineActions actions)
{
    /// <summary>Whether the caller manages this group's engines: the rule for one of them, asked for all.</summary>
    public static bool MayList(Caller caller, GroupId group) =>
        AccessRule.RightsOf(caller.Standing, Engine.Nobody, group, [], DateTimeOffset.MinValue).HasFlag(Rights.Manage);

    public async Task<IReadOnlyList<Engine>> OwnAsync(Caller caller, CancellationToken cancellationToken) =>
        Shown(caller, Rights.Own, await engines.ListAsync(caller.UserId, cancellationToken));

    /// <summary>Those of others that the caller may look at.</summary>
    public async Task<IReadOnlyList<Engine>> SharedWithAsync(Caller caller, CancellationToken cancellationToken) =>
        Shown(caller, Rights.View, await access.ListSharedAsync(caller.Standing, cancellationToken));

    public async Task<IReadOnlyList<Engine>> OfGroupAsync(Caller caller, GroupId group, CancellationToken cancellationToken) =>
        Shown(caller, Rights.Manage, await engines.ListGroupAsync(group, cancellationToken));

    /// <param name="limit">Null: all at once.</param>
    public async Task<IReadOnlyList<Engine>> EverybodysAsync(Caller caller, EngineId? after, int? limit, CancellationToken cancellationToken) =>
        Shown(caller, Rights.Manage, limit is { } most
            ? await engines.ListPageAsync(after, most, cancellationToken)
            : await engines.ListAllAsync(cancellationToken));

    private IReadOnlyList<Engine> Shown(Caller caller, Rights needed, IReadOnlyList<Engine> found) =>
        [.. found.Where(engine => actions.RightsOf(caller, engine).HasFlag(needed)).Select(engine => actions.Show(caller, engine))];
}
