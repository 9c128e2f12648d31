using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Dashboard.Engines;

/// <summary>An engine with what its card needs besides.</summary>
/// <param name="Template">The version it uses; null when that is no longer known.</param>
/// <param name="Url">Visiting it wakes the engine.</param>
public sealed record EngineView(Engine Engine, Template? Template, Uri Url)
{
    public string Title(Words.Text text) => Template is null ? Engine.Template : text.In(Template.Title);

    public string Path => $"/engines/{Engine.Id}";

    /// <summary>On its way somewhere: the card shows for how long.</summary>
    public bool IsWaiting => Engine.State is EngineState.Queued or EngineState.Starting or EngineState.Stopping or EngineState.Deleting;

    public DateTimeOffset? KeptAwakeAt(DateTimeOffset now) => Engine.KeepAwakeUntil is { } until && until > now ? until : null;
}

/// <summary>Puts engines and their templates together.</summary>
public sealed class EngineViews(EngineStore engines, TemplateStore templates, IOptions<GatewayOptions> gateway)
{
    public async Task<EngineView> ViewAsync(Engine engine, CancellationToken cancellationToken) =>
        (await ViewAsync([engine], cancellationToken))[0];

    public async Task<IReadOnlyList<EngineView>> ViewAsync(IReadOnlyList<Engine> list, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<(string, string), Template?>();
        var views = new List<EngineView>(list.Count);
        foreach (var engine in list)
        {
            var key = (engine.Template, engine.TemplateVersion);
            if (!versions.TryGetValue(key, out var template))
                versions[key] = template = await templates.FindVersionAsync(engine.Template, engine.TemplateVersion, cancellationToken);
            views.Add(new(engine, template, gateway.Value.EngineUrl(engine.Host)));
        }

        return views;
    }

    public async Task<IReadOnlyList<EngineView>> OfAsync(Callers.Caller caller, CancellationToken cancellationToken) =>
        await ViewAsync(await engines.ListAsync(caller.UserId, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<EngineView>> OfEverybodyAsync(EngineId? after, int limit, CancellationToken cancellationToken) =>
        await ViewAsync(await engines.ListPageAsync(after, limit, cancellationToken), cancellationToken);
}
