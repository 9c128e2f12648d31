using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Engines;
using Aigc.Api.Dashboard.Layout;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Aigc.Api.Dashboard.Live;

/// <summary>One card as it is now; without HTML, it is gone.</summary>
public sealed record CardChange(string Id, string? Html, bool Removed = false);

/// <summary>All of a person's engines: a card that is not among these is gone.</summary>
public sealed record CardSnapshot(IReadOnlyList<string> Ids);

/// <summary>Tells one open page how its person's engines are, as rendered cards.</summary>
public sealed class CardFeed(Database database, EngineStore engines, EngineViews views, IServiceProvider services, ILoggerFactory loggers, TimeProvider time)
{
    public async IAsyncEnumerable<SseItem<object>> WatchAsync(Page page, Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shown = new Dictionary<EngineId, long>();
        await foreach (var change in database.WatchAsync(cancellationToken))
        {
            if (change is DatabaseChange.Resync)
            {
                var mine = await engines.ListAsync(caller.UserId, cancellationToken);
                yield return new(new CardSnapshot([.. mine.Select(engine => engine.Id.Value)]), "snapshot");
                foreach (var engine in mine)
                    yield return await ShowAsync(page, engine, shown, cancellationToken);
            }
            else if (change is DatabaseChange.Changed { Kind: ChangeKind.Engine, Id: var id })
            {
                var engine = await engines.FindAsync(new(id), cancellationToken);
                if (engine is null && shown.Remove(new(id)))
                    yield return new(new CardChange(id, null, Removed: true), "engine");
                else if (engine?.Owner == caller.UserId && shown.GetValueOrDefault(engine.Id) != engine.RowVersion)
                    yield return await ShowAsync(page, engine, shown, cancellationToken);
            }
        }
    }

    private async Task<SseItem<object>> ShowAsync(Page page, Engine engine, Dictionary<EngineId, long> shown, CancellationToken cancellationToken)
    {
        shown[engine.Id] = engine.RowVersion;
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(EngineCard.Page)] = page with { Now = time.GetUtcNow() },
            [nameof(EngineCard.View)] = await views.ViewAsync(engine, cancellationToken),
            [nameof(EngineCard.Return)] = page.Address,
        });
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<EngineCard>(parameters)).ToHtmlString());
        return new(new CardChange(engine.Id.Value, html), "engine");
    }
}
