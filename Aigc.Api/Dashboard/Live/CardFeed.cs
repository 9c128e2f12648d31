using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Live;
using Aigc.Api.SigningIn;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;

namespace Aigc.Api.Dashboard.Live;

/// <summary>One card as it is now; without HTML, it is gone.</summary>
public sealed record CardChange(string Id, string? Html, bool Removed = false);

/// <summary>All of a person's engines: a card that is not among these is gone.</summary>
public sealed record CardSnapshot(IReadOnlyList<string> Ids);

/// <summary>Tells one open page how its person's engines are, as rendered cards, until the sign-in ends.</summary>
public sealed class CardFeed(ChangeFeed feed, EngineStore engines, CardRenderer cards, SignIns signIns, TimeProvider time)
{
    /// <summary>Below the idle timeouts of the proxies on the way, commonly 60 s; also how soon a page notices a sign-out.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<SseItem<object>> WatchAsync(Page page, Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changes = feed.Subscribe();
        var shown = new Dictionary<EngineId, long>();
        await foreach (var item in ShowAllAsync(page, caller, shown, cancellationToken))
            yield return item;
        while (true)
        {
            var changed = await changes.WaitAsync(Heartbeat, time, cancellationToken);
            if (caller.Kind == Aigc.Engines.People.SignInKind.Dashboard && await signIns.FindAsync(caller.SignInKey, cancellationToken) is null)
                yield break;
            if (!changed)
                yield return new("", "still-here");
            while (changes.TryRead(out var change))
            {
                await foreach (var item in TellAsync(change, page, caller, shown, cancellationToken))
                    yield return item;
            }
        }
    }

    private async IAsyncEnumerable<SseItem<object>> TellAsync(
        DatabaseChange change, Page page, Caller caller, Dictionary<EngineId, long> shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (change is DatabaseChange.Resync)
        {
            await foreach (var item in ShowAllAsync(page, caller, shown, cancellationToken))
                yield return item;
        }
        else if (change is DatabaseChange.Changed { Kind: ChangeKind.Engine, Id: var id })
        {
            var engine = await engines.FindAsync(new(id), cancellationToken);
            if (engine is null && shown.Remove(new(id)))
                yield return new(new CardChange(id, null, Removed: true), "engine");
            else if (engine?.Owner == caller.UserId && shown.GetValueOrDefault(engine.Id) != engine.RowVersion)
                yield return await ShowAsync(engine, page, shown, cancellationToken);
        }
    }

    private async IAsyncEnumerable<SseItem<object>> ShowAllAsync(
        Page page, Caller caller, Dictionary<EngineId, long> shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mine = await engines.ListAsync(caller.UserId, cancellationToken);
        yield return new(new CardSnapshot([.. mine.Select(engine => engine.Id.Value)]), "snapshot");
        foreach (var engine in mine)
            yield return await ShowAsync(engine, page, shown, cancellationToken);
    }

    private async Task<SseItem<object>> ShowAsync(Engine engine, Page page, Dictionary<EngineId, long> shown, CancellationToken cancellationToken)
    {
        shown[engine.Id] = engine.RowVersion;
        return new(new CardChange(engine.Id.Value, await cards.RenderAsync(engine, page with { Now = time.GetUtcNow() }, cancellationToken)), "engine");
    }
}
