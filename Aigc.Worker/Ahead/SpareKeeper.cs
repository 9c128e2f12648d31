using Aigc.Engines.Ahead;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Worker.Leading;
using Aigc.Worker.Reconciling;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Ahead;

/// <summary>Keeps as many spares of each template as those who come soon will need, by when people came in the last weeks.</summary>
public sealed partial class SpareKeeper(EngineStore engines, TemplateStore templates, WakeHistory history, Allocator pools, IOptions<StudioOptions> studio, TimeProvider time, ILogger<SpareKeeper> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Learned = TimeSpan.FromDays(28);

    /// <summary>Until one has shown how long it takes.</summary>
    private static readonly TimeSpan FirstGuess = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FullPause = TimeSpan.FromMinutes(1);

    /// <summary>What it is worth to spare somebody the start: time of one GPU.</summary>
    private static readonly TimeSpan Worth = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private long _known;

    private sealed class Shelf(TimeZoneInfo zone)
    {
        public ArrivalForecast Forecast { get; } = new(zone);

        public TimeSpan TimeToReady { get; set; } = FirstGuess;

        public int Wanted(DateTimeOffset now, double gpus) => WarmPools.Size(Forecast.Expected(now, TimeToReady), TimeToReady, gpus, Worth);

        /// <summary>Spares on their way, and since when.</summary>
        public Dictionary<EngineId, DateTimeOffset> Asked { get; } = [];

        /// <summary>There was no room for another: not before this is it tried again.</summary>
        public DateTimeOffset FullUntil { get; set; }
    }

    public Task RunAsync(CancellationToken cancellationToken) => Rounds.RunAsync(Interval, time, KeepAsync, NoteFailure, cancellationToken);

    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        var spares = (await engines.ListAsync(Engine.Nobody, cancellationToken)).ToLookup(spare => spare.Template, StringComparer.Ordinal);
        var offered = (await templates.ListAsync(cancellationToken)).Where(template => template.Spares > 0).ToList();
        if (offered.Count == 0 && spares.Count == 0)
            return;
        await LearnAsync(cancellationToken);
        foreach (var template in offered)
            await KeepAsync(template, [.. spares[template.Name]], cancellationToken);
        foreach (var spare in spares.Where(shelf => offered.All(template => template.Name != shelf.Key)).SelectMany(shelf => shelf))
            await DeleteAsync(spare, cancellationToken);
    }

    private async Task LearnAsync(CancellationToken cancellationToken)
    {
        foreach (var wake in await history.ListAsync(_known, time.GetUtcNow() - Learned, cancellationToken))
        {
            ShelfOf(wake.Template).Forecast.Arrived(wake.At);
            _known = wake.Number;
        }
    }

    private async Task KeepAsync(Template template, IReadOnlyList<Engine> spares, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var shelf = ShelfOf(template.Name);
        foreach (var spare in spares)
            Time(shelf, spare, now);
        var wanted = pools.IsScarce ? 0 : Math.Min(template.Spares, shelf.Wanted(now, GpusOf(spares)));
        if (spares.Any(WaitsForRoom))
            shelf.FullUntil = now + FullPause;
        var mayStart = now >= shelf.FullUntil;
        var kept = 0;
        // Those that are awake already stay first.
        foreach (var spare in spares.OrderBy(spare => spare.Desired != Desired.Awake))
        {
            var isAwake = spare.Desired == Desired.Awake;
            if (kept < wanted && isAwake && spare.TemplateVersion == template.Version && !WaitsForRoom(spare))
            {
                kept++;
            }
            else if (kept < wanted && spare.Desired == Desired.Asleep && mayStart)
            {
                kept++;
                await WakeAsync(spare.Id, cancellationToken);
            }
            else if (isAwake)
            {
                await engines.SleepAsync(spare.Id, new(Reasons.SpareNotNeeded), Actor.Gateway, cancellationToken);
            }
        }

        for (var count = spares.Count; count < wanted && mayStart; count++)
        {
            var id = EngineId.New();
            var spare = Engine.Taken(Engine.Nobody, GroupId.None, template.Name, template.Version, $"spare-{id}", now, id);
            await engines.CreateAsync(spare, Actor.Gateway, cancellationToken);
            await WakeAsync(spare.Id, cancellationToken);
        }

        foreach (var surplus in spares.Where(spare => spare.Desired == Desired.Asleep && spare.State == EngineState.Asleep).Skip(template.Spares))
            await DeleteAsync(surplus, cancellationToken);
    }

    /// <summary>What one holds, as far as any has held something.</summary>
    private static double GpusOf(IReadOnlyList<Engine> spares) => spares.Select(spare => spare.MilliGpus).DefaultIfEmpty().Max() is > 0 and var milli ? milli / 1000.0 : 1;

    /// <summary>People come first: a spare does not stand in their queue, and no machine is bought for it.</summary>
    private static bool WaitsForRoom(Engine spare) =>
        spare is { Desired: Desired.Awake, State: EngineState.Queued, Reason.Code: Reasons.Queued or Reasons.NoRoom or Reasons.QuotaUsed };

    /// <summary>How long spares take from the wish to ready, newer ones counting more.</summary>
    private static void Time(Shelf shelf, Engine spare, DateTimeOffset now)
    {
        if (spare.State == EngineState.Ready && shelf.Asked.Remove(spare.Id, out var since))
            shelf.TimeToReady = (shelf.TimeToReady + ((spare.ReadyAt ?? now) - since)) / 2;
        else if (spare.State != EngineState.Ready && spare.Desired == Desired.Awake)
            shelf.Asked.TryAdd(spare.Id, now);
    }

    private async Task WakeAsync(EngineId spare, CancellationToken cancellationToken) =>
        await engines.WakeAsync(spare, new(Reasons.Spare), retry: false, Actor.Gateway, cancellationToken);

    private Task DeleteAsync(Engine spare, CancellationToken cancellationToken) => spare.Desired == Desired.Deleted
        ? Task.CompletedTask
        : engines.DeleteAsync(spare.Id, keepDisk: false, Actor.Gateway, cancellationToken);

    private Shelf ShelfOf(string template) => _shelves.TryGetValue(template, out var shelf) ? shelf : _shelves[template] = new(studio.Value.Zone);

    private void NoteFailure(Exception exception, bool again)
    {
        if (!again)
            Log.Failed(logger, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "No spares are kept for the moment")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
