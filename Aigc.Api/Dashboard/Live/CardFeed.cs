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

/// <summary>The warning that an engine is about to fall asleep; without HTML, it is void.</summary>
public sealed record WarningChange(string Id, string? Html);

/// <summary>All of a person's engines: a card that is not among these is gone, and so is another warning than of these.</summary>
public sealed record CardSnapshot(IReadOnlyList<string> Ids, IReadOnlyList<string> Warned);

/// <summary>Tells one open page how its person's engines are, as rendered cards, until the sign-in ends.</summary>
public sealed class CardFeed(ChangeFeed feed, EngineStore engines, RoomPlaces places, CardRenderer cards, SignIns signIns, TimeProvider time)
{
    /// <summary>Below the idle timeouts of the proxies on the way, commonly 60 s; also how soon a page notices a sign-out.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The queue for the cluster's room moves with other people's engines.</summary>
    private static readonly TimeSpan QueueLook = TimeSpan.FromSeconds(2);

    /// <param name="withCards">Whether the page has cards, or shows warnings alone.</param>
    public async IAsyncEnumerable<SseItem<object>> WatchAsync(
        Page page, Caller caller, bool withCards, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changes = feed.Subscribe();
        var shown = new Shown(withCards);
        await foreach (var item in ShowAllAsync(page, caller, shown, cancellationToken))
            yield return item;
        while (true)
        {
            var changed = await changes.WaitAsync(shown.Engines.Values.Any(IsInQueue) ? QueueLook : Heartbeat, time, cancellationToken);
            if (caller.Kind == Aigc.Engines.People.SignInKind.Dashboard && await signIns.FindAsync(caller.SignInKey, cancellationToken) is null)
                yield break;
            if (!changed)
                yield return new("", "still-here");
            while (changes.TryRead(out var change))
            {
                await foreach (var item in TellAsync(change, page, caller, shown, cancellationToken))
                    yield return item;
            }

            foreach (var engine in shown.Engines.Values.Where(IsInQueue).ToList())
            {
                if ((await places.PlaceAsync(engine, cancellationToken)).Reason != engine.Reason)
                {
                    await foreach (var item in ShowAsync(engine, page, shown, cancellationToken))
                        yield return item;
                }
            }
        }
    }

    /// <summary>What one open page has been told.</summary>
    private sealed record Shown(bool Cards)
    {
        public Dictionary<EngineId, Engine> Engines { get; } = [];

        /// <summary>When those are said to fall asleep that are about to.</summary>
        public Dictionary<EngineId, DateTimeOffset?> Warned { get; } = [];
    }

    private static bool IsInQueue(Engine engine) => engine.Reason.Ahead is not null;

    private async IAsyncEnumerable<SseItem<object>> TellAsync(
        DatabaseChange change, Page page, Caller caller, Shown shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (change is DatabaseChange.Resync)
        {
            await foreach (var item in ShowAllAsync(page, caller, shown, cancellationToken))
                yield return item;
        }
        else if (change is DatabaseChange.Changed { Kind: ChangeKind.Engine, Id: var id })
        {
            var engine = await engines.FindAsync(new(id), cancellationToken);
            if (engine is null && shown.Engines.Remove(new(id)))
            {
                yield return new(new CardChange(id, null, Removed: true), "engine");
                if (shown.Warned.Remove(new(id)))
                    yield return new(new WarningChange(id, null), "warning");
            }
            else if (engine?.Owner == caller.UserId && IsNews(shown.Engines.GetValueOrDefault(engine.Id), engine))
            {
                await foreach (var item in ShowAsync(engine, page, shown, cancellationToken))
                    yield return item;
            }
        }
    }

    private async IAsyncEnumerable<SseItem<object>> ShowAllAsync(
        Page page, Caller caller, Shown shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mine = await engines.ListAsync(caller.UserId, cancellationToken);
        yield return new(new CardSnapshot([.. mine.Select(engine => engine.Id.Value)], [.. mine.Where(engine => engine.Outlook?.EndsAt is not null).Select(engine => engine.Id.Value)]), "snapshot");
        foreach (var engine in mine)
        {
            await foreach (var item in ShowAsync(engine, page, shown, cancellationToken))
                yield return item;
        }
    }

    private static bool IsNews(Engine? shown, Engine engine) => shown?.RowVersion != engine.RowVersion || shown.Outlook != engine.Outlook;

    private async IAsyncEnumerable<SseItem<object>> ShowAsync(
        Engine engine, Page page, Shown shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        shown.Engines[engine.Id] = engine = await places.PlaceAsync(engine, cancellationToken);
        var now = page with { Now = time.GetUtcNow() };
        if (shown.Cards)
            yield return new(new CardChange(engine.Id.Value, await cards.RenderAsync(engine, now, cancellationToken)), "engine");
        var warning = await cards.RenderWarningAsync(engine, now, cancellationToken);
        var ends = warning is null ? null : engine.Outlook?.EndsAt;
        if (shown.Warned.GetValueOrDefault(engine.Id) == ends)
            yield break;
        shown.Warned[engine.Id] = ends;
        yield return new(new WarningChange(engine.Id.Value, warning), "warning");
    }
}
