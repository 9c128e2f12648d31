using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Engines;
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
public sealed class CardFeed(ChangeFeed feed, EngineStore engines, RoomPlaces places, CardRenderer cards, SignIns signIns, TimeProvider time)
{
    /// <summary>Below the idle timeouts of the proxies on the way, commonly 60 s; also how soon a page notices a sign-out.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The queue for the cluster's room moves with other people's engines.</summary>
    private static readonly TimeSpan QueueLook = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<SseItem<object>> WatchAsync(Page page, Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changes = feed.Subscribe();
        var shown = new Dictionary<EngineId, Engine>();
        await foreach (var item in ShowAllAsync(page, caller, shown, cancellationToken))
            yield return item;
        while (true)
        {
            var changed = await changes.WaitAsync(shown.Values.Any(IsInQueue) ? QueueLook : Heartbeat, time, cancellationToken);
            if (caller.Kind == Aigc.Engines.People.SignInKind.Dashboard && await signIns.FindAsync(caller.SignInKey, cancellationToken) is null)
                yield break;
            if (!changed)
                yield return new("", "still-here");
            while (changes.TryRead(out var change))
            {
                await foreach (var item in TellAsync(change, page, caller, shown, cancellationToken))
                    yield return item;
            }

            foreach (var engine in shown.Values.Where(IsInQueue).ToList())
            {
                if ((await places.PlaceAsync(engine, cancellationToken)).Reason != engine.Reason)
                    yield return await ShowAsync(engine, page, shown, cancellationToken);
            }
        }
    }

    private static bool IsInQueue(Engine engine) => engine.Reason.Ahead is not null;

    private async IAsyncEnumerable<SseItem<object>> TellAsync(
        DatabaseChange change, Page page, Caller caller, Dictionary<EngineId, Engine> shown, [EnumeratorCancellation] CancellationToken cancellationToken)
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
            else if (engine?.Owner == caller.UserId && shown.GetValueOrDefault(engine.Id)?.RowVersion != engine.RowVersion)
                yield return await ShowAsync(engine, page, shown, cancellationToken);
        }
    }

    private async IAsyncEnumerable<SseItem<object>> ShowAllAsync(
        Page page, Caller caller, Dictionary<EngineId, Engine> shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mine = await engines.ListAsync(caller.UserId, cancellationToken);
        yield return new(new CardSnapshot([.. mine.Select(engine => engine.Id.Value)]), "snapshot");
        foreach (var engine in mine)
            yield return await ShowAsync(engine, page, shown, cancellationToken);
    }

    private async Task<SseItem<object>> ShowAsync(Engine engine, Page page, Dictionary<EngineId, Engine> shown, CancellationToken cancellationToken)
    {
        shown[engine.Id] = engine = await places.PlaceAsync(engine, cancellationToken);
        return new(new CardChange(engine.Id.Value, await cards.RenderAsync(engine, page with { Now = time.GetUtcNow() }, cancellationToken)), "engine");
    }
}
