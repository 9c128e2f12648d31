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
    public async Task<string> RenderAsync(Engine engine, Page page, CancellationToken cancellationToken)
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(EngineCard.Page)] = page,
            [nameof(EngineCard.View)] = await views.ViewAsync(engine, cancellationToken),
            [nameof(EngineCard.Return)] = page.Address,
        });
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<EngineCard>(parameters)).ToHtmlString());
    }
}
