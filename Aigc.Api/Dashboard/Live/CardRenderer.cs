using Aigc.Api.Dashboard.Engines;
using Aigc.Api.Dashboard.Layout;
using Aigc.Engines.Lifecycle;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Aigc.Api.Dashboard.Live;

/// <summary>Renders one card outside of a page.</summary>
public sealed class CardRenderer(EngineViews views, IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <param name="page">Its address is where the card's forms lead back to.</param>
    public async Task<string> RenderAsync(Engine engine, Page page, CancellationToken cancellationToken) =>
        await RenderAsync<EngineCard>(page, await views.ViewAsync(engine, cancellationToken));

    /// <summary>Null for an engine that is not about to fall asleep.</summary>
    public async Task<string?> RenderWarningAsync(Engine engine, Page page, CancellationToken cancellationToken) =>
        engine.Outlook?.EndsAt is not null && await views.ViewAsync(engine, cancellationToken) is { IsWarned: true } view
            ? await RenderAsync<SleepWarning>(page, view)
            : null;

    private async Task<string> RenderAsync<TComponent>(Page page, EngineView view)
        where TComponent : IComponent
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Page"] = page, ["View"] = view, ["Return"] = page.Address });
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(parameters)).ToHtmlString());
    }
}
