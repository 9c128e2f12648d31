using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Engines.Access;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Dashboard.Engines;

/// <summary>An engine with what its card needs besides.</summary>
/// <param name="Template">The version it uses; null when that is no longer known.</param>
/// <param name="Url">Visiting it wakes the engine.</param>
/// <param name="Accesses">Administrators' accesses, now and in the last days; the newest first.</param>
public sealed record EngineView(Engine Engine, Template? Template, Uri Url, IReadOnlyList<EngineGrant> Accesses)
{
    public string Title(Words.Text text) => Template is null ? Engine.Template : text.In(Template.Title);

    public string Path => $"/engines/{Engine.Id}";

    /// <summary>On its way somewhere: the card shows for how long.</summary>
    public bool IsWaiting => Engine.State is EngineState.Queued or EngineState.Starting or EngineState.Stopping or EngineState.Deleting;

    /// <summary>Why it is awake; null while it is not, or about to be no more.</summary>
    public Outlook? Outlook => Engine is { State: EngineState.Ready, Desired: Desired.Awake } ? Engine.Outlook : null;

    /// <summary>Its owner is to be told that it is about to fall asleep.</summary>
    public bool IsWarned => Outlook?.EndsAt is not null;

    public DateTimeOffset? KeptAwakeAt(DateTimeOffset now) => Engine.KeepAwakeUntil is { } until && until > now ? until : null;
}

/// <summary>Puts engines and their templates together.</summary>
public sealed class EngineViews(
    EngineLists lists, RoomPlaces places, TemplateStore templates, AccessStore access, PeopleStore people, IOptions<GatewayOptions> gateway)
{
    public async Task<EngineView> ViewAsync(Engine engine, CancellationToken cancellationToken) =>
        (await ViewAsync([engine], await access.ListAccessesAsync(engine.Id, cancellationToken), cancellationToken))[0];

    public async Task<IReadOnlyList<EngineView>> OfAsync(Caller caller, CancellationToken cancellationToken) =>
        await ViewAsync(
            await lists.OwnAsync(caller, cancellationToken), await access.ListAccessesAsync(caller.UserId, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<EngineView>> SharedWithAsync(Caller caller, CancellationToken cancellationToken) =>
        await ViewAsync(await lists.SharedWithAsync(caller, cancellationToken), [], cancellationToken);

    public async Task<IReadOnlyList<EngineView>> OfGroupAsync(Caller caller, GroupId group, CancellationToken cancellationToken) =>
        await ViewAsync(await lists.OfGroupAsync(caller, group, cancellationToken), [], cancellationToken);

    public async Task<IReadOnlyList<EngineView>> OfEverybodyAsync(Caller caller, EngineId? after, int limit, CancellationToken cancellationToken) =>
        await ViewAsync(await lists.EverybodysAsync(caller, after, limit, cancellationToken), [], cancellationToken);

    /// <summary>The names of the engines' owners, by their ids.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OwnersOfAsync(IReadOnlyList<EngineView> views, CancellationToken cancellationToken)
    {
        var names = new Dictionary<string, string>();
        foreach (var owner in views.Select(view => view.Engine.Owner).Distinct())
        {
            if (await people.FindAsync(owner, cancellationToken) is { } person)
                names[owner.Value] = person.Name;
        }

        return names;
    }

    private async Task<IReadOnlyList<EngineView>> ViewAsync(
        IReadOnlyList<Engine> list, IReadOnlyList<EngineGrant> accesses, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<(string, string), Template?>();
        var views = new List<EngineView>(list.Count);
        foreach (var engine in list)
        {
            var key = (engine.Template, engine.TemplateVersion);
            if (!versions.TryGetValue(key, out var template))
                versions[key] = template = await templates.FindVersionAsync(engine.Template, engine.TemplateVersion, cancellationToken);
            views.Add(new(await places.PlaceAsync(engine, cancellationToken), template, gateway.Value.EngineUrl(engine.Host), [.. accesses.Where(one => one.Engine == engine.Id)]));
        }

        return views;
    }
}
