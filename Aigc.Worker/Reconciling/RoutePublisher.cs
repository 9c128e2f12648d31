using System.Collections.Concurrent;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Worker.Leading;
using Route = Aigc.Engines.Tracking.Route;

namespace Aigc.Worker.Reconciling;

/// <summary>
/// Tells the proxies, through the session tracker, where each engine is. Level-triggered: the reconciler says what shall be known and
/// goes on; what the tracker does not have yet, or has lost, is told again until it has it. A tracker that is away holds up nobody.
/// </summary>
public sealed partial class RoutePublisher(ISessionTracker tracker, Term term, TimeProvider time, ILogger<RoutePublisher> logger) : IDisposable
{
    private const int Parallelism = 4;

    /// <summary>More than this many differences are mended in one go.</summary>
    private const int ManyDifferences = 100;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<EngineId, Wanted> _wanted = new();

    /// <summary>What the tracker took last, for each engine that it has.</summary>
    private readonly ConcurrentDictionary<EngineId, Route> _told = new();
    private readonly PendingWork<EngineId> _queue = new(time);
    private readonly TaskCompletionSource _surveyed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;
    private volatile bool _begun;

    /// <summary>Every engine with a route.</summary>
    public IEnumerable<EngineId> Known => _wanted.Keys;

    /// <returns>False when a newer version of the row has been told of already.</returns>
    public bool Publish(Engine engine, Template? template, bool draining)
    {
        var next = new Wanted(Create(engine, template, draining), engine.RowVersion);
        while (true)
        {
            if (_wanted.TryGetValue(engine.Id, out var before))
            {
                if (before.RowVersion > next.RowVersion)
                    return false;
                if (Same(before.Route, next.Route) && before.RowVersion == next.RowVersion)
                    return true;
                if (!_wanted.TryUpdate(engine.Id, next, before))
                    continue;
                if (!Same(before.Route, next.Route))
                    Ask(engine.Id);
                return true;
            }

            if (_wanted.TryAdd(engine.Id, next))
            {
                Ask(engine.Id);
                return true;
            }
        }
    }

    /// <summary>For an engine that the reconciler is about to look at: better what was than nothing at all.</summary>
    public void PublishIfUnknown(Engine engine, Template? template)
    {
        if (_wanted.TryAdd(engine.Id, new(Create(engine, template, draining: false), engine.RowVersion)))
            Ask(engine.Id);
    }

    public void Remove(EngineId engine)
    {
        if (_wanted.TryRemove(engine, out _))
            Ask(engine);
    }

    /// <summary>All engines have been looked at once: from now on what is wanted is everything there is.</summary>
    public void Surveyed() => _surveyed.TrySetResult();

    /// <exception cref="NotLeadingException">The tracker has seen a newer term.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _surveyed.Task.WaitAsync(cancellationToken);
        await RetryAsync(BeginAsync, cancellationToken);
        await Together.RunAsync(
            cancellationToken,
            token => _queue.RunAsync(Parallelism, engine => TellAsync(engine, token), token),
            token => RetryAsync(WatchAsync, token));
    }

    private void Ask(EngineId engine)
    {
        // Before the term has begun at the tracker, what is wanted goes with it.
        if (_begun)
            _queue.Enqueue(engine);
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var all = _wanted.ToArray();
        using var bound = Bound(cancellationToken);
        await tracker.BeginTermAsync(term, [.. all.Select(wanted => wanted.Value.Route)], bound.Token).WaitAsync(bound.Token);
        _told.Clear();
        foreach (var (engine, wanted) in all)
            _told[engine] = wanted.Route;
        _begun = true;
        EnqueueDifferences();
        Log.Begun(logger, all.Length, term);
    }

    /// <summary>What changed while all were told.</summary>
    private void EnqueueDifferences()
    {
        foreach (var (engine, wanted) in _wanted)
        {
            if (!_told.TryGetValue(engine, out var told) || !Same(told, wanted.Route))
                _queue.Enqueue(engine);
        }

        foreach (var engine in _told.Keys.Where(engine => !_wanted.ContainsKey(engine)))
            _queue.Enqueue(engine);
    }

    private async Task TellAsync(EngineId engine, CancellationToken cancellationToken)
    {
        try
        {
            using var bound = Bound(cancellationToken);
            var wanted = _wanted.GetValueOrDefault(engine)?.Route;
            if (wanted is not null)
            {
                await tracker.PublishRouteAsync(wanted, term, bound.Token).WaitAsync(bound.Token);
                _told[engine] = wanted;
            }
            else
            {
                await tracker.RemoveRouteAsync(engine, term, bound.Token).WaitAsync(bound.Token);
                _told.TryRemove(engine, out _);
            }

            Well();
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            _queue.EnqueueAfter(engine, Away(exception));
        }
    }

    /// <summary>The tracker tells what it has: whatever it has lost, or somebody else has put there, is mended at once.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in tracker.WatchAsync(cancellationToken))
        {
            Well();
            switch (change)
            {
                case TrackerChange.Snapshot snapshot:
                    await MendAsync(snapshot, cancellationToken);
                    break;
                case TrackerChange.RouteChanged { Route: var route } when !IsWanted(route) && !IsTold(route):
                    _queue.Enqueue(route.Engine);
                    break;
                case TrackerChange.RouteRemoved { Engine: var engine } when _wanted.ContainsKey(engine):
                    _queue.Enqueue(engine);
                    break;
            }
        }
    }

    private async Task MendAsync(TrackerChange.Snapshot snapshot, CancellationToken cancellationToken)
    {
        var there = new Dictionary<EngineId, Route>();
        foreach (var route in snapshot.Routes)
            there[route.Engine] = route;
        var wrong = _wanted.Where(wanted => !there.TryGetValue(wanted.Key, out var route) || !Same(route, wanted.Value.Route)).Select(wanted => wanted.Key)
            .Concat(there.Keys.Where(engine => !_wanted.ContainsKey(engine)))
            .ToList();
        // Without a term behind it nobody believes what is there, however right it is.
        if (wrong.Count > ManyDifferences || !snapshot.Complete)
        {
            Log.Mending(logger, wrong.Count);
            await BeginAsync(cancellationToken);
            return;
        }

        foreach (var engine in wrong)
            _queue.Enqueue(engine);
    }

    private async Task RetryAsync(Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await run(cancellationToken);
                Well();
                return;
            }
            catch (Exception exception) when (IsOutage(exception, cancellationToken))
            {
                await Task.Delay(Away(exception), time, cancellationToken);
            }
        }
    }

    private static CancellationTokenSource Bound(CancellationToken cancellationToken)
    {
        var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(CallTimeout);
        return bound;
    }

    private static bool IsOutage(Exception exception, CancellationToken cancellationToken) =>
        exception is not NotLeadingException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private void Well() => Volatile.Write(ref _failures, 0);

    /// <returns>When to try again.</returns>
    private TimeSpan Away(Exception exception)
    {
        var failures = Interlocked.Increment(ref _failures);
        if (failures == 1)
            Log.Away(logger, exception);
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        return delay < LastRetry ? delay : LastRetry;
    }

    private bool IsWanted(Route route) => _wanted.TryGetValue(route.Engine, out var wanted) && Same(wanted.Route, route);

    private bool IsTold(Route route) => _told.TryGetValue(route.Engine, out var told) && Same(told, route);

    private static Route Create(Engine engine, Template? template, bool draining) => new()
    {
        Engine = engine.Id,
        Host = engine.Host,
        Owner = engine.Owner,
        Group = engine.Group,
        Access = engine.Access,
        Title = template?.Title ?? new(engine.Template),
        State = engine.State,
        Reason = draining && engine.State == EngineState.Ready ? new(Reasons.Draining) : engine.Reason,
        Since = engine.StateSince,
        Address = engine.State == EngineState.Ready && !draining ? engine.Address : null,
        Draining = draining && engine.State == EngineState.Ready,
        SleepsAt = engine is { State: EngineState.Ready, Desired: Desired.Awake } ? engine.Outlook?.EndsAt : null,
        Activity = template?.Activity ?? new(),
        Generation = engine.Generation,
    };

    private static bool Same(Route one, Route other) =>
        one with { Activity = other.Activity, Access = other.Access } == other
        && (one.Access ?? []).SequenceEqual(other.Access ?? [])
        && one.Activity.WebSocketsFromBrowserOnly == other.Activity.WebSocketsFromBrowserOnly
        && (one.Activity.IgnorePaths ?? []).SequenceEqual(other.Activity.IgnorePaths ?? []);

    private sealed record Wanted(Route Route, long RowVersion);

    public void Dispose() => _queue.Dispose();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Told the session tracker of {Count} routes, for term {Term}")]
        public static partial void Begun(ILogger logger, int count, Term term);

        [LoggerMessage(2, LogLevel.Warning, "The session tracker has {Count} routes wrong or lost them; telling it of all again")]
        public static partial void Mending(ILogger logger, int count);

        [LoggerMessage(3, LogLevel.Error, "The session tracker does not take routes; trying again. Engines are started and stopped all the same")]
        public static partial void Away(ILogger logger, Exception exception);
    }
}
