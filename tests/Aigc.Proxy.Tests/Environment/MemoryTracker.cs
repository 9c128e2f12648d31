using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;

namespace Aigc.Proxy.Tests.Environment;

/// <summary>A session tracker in memory, with what the proxy asks of one; everything else throws.</summary>
public sealed class MemoryTracker : ISessionTracker
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EngineId, Route> _routes = [];
    private readonly List<Channel<TrackerChange>> _watchers = [];
    private readonly ConcurrentDictionary<SignInKey, SignIn> _signIns = new();

    public ConcurrentQueue<LeaseReport> Reports { get; } = new();

    /// <summary>The next so many lease reports fail.</summary>
    public int FailReports { get; set; }

    /// <summary>While set, nobody is told anything, and watching fails.</summary>
    public bool Away
    {
        get;
        set
        {
            lock (_lock)
            {
                field = value;
                foreach (var watcher in value ? _watchers : [])
                    watcher.Writer.TryComplete(new InvalidOperationException("The tracker is away."));
                if (value)
                    _watchers.Clear();
            }
        }
    }

    public Task BeginTermAsync(Term term, IReadOnlyCollection<Route> routes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _routes.Clear();
            foreach (var route in routes)
                _routes[route.Engine] = route;
            Tell(new TrackerChange.Snapshot([.. routes]));
        }
        return Task.CompletedTask;
    }

    public Task PublishRouteAsync(Route route, Term term, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _routes[route.Engine] = route;
            Tell(new TrackerChange.RouteChanged(route));
        }
        return Task.CompletedTask;
    }

    public Task RemoveRouteAsync(EngineId engine, Term term, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _routes.Remove(engine);
            Tell(new TrackerChange.RouteRemoved(engine));
        }
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<TrackerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mine = Channel.CreateUnbounded<TrackerChange>();
        lock (_lock)
        {
            if (Away)
                throw new InvalidOperationException("The tracker is away.");
            mine.Writer.TryWrite(new TrackerChange.Snapshot([.. _routes.Values]));
            _watchers.Add(mine);
        }
        await foreach (var change in mine.Reader.ReadAllAsync(cancellationToken))
            yield return change;
    }

    public Task PutSignInAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        _signIns[signIn.Key] = signIn;
        return Task.CompletedTask;
    }

    public Task<SignIn?> FindSignInAsync(SignInKey key, CancellationToken cancellationToken) => Task.FromResult(_signIns.GetValueOrDefault(key));

    public Task RevokeSignInAsync(SignInKey key, CancellationToken cancellationToken)
    {
        foreach (var (child, signIn) in _signIns)
            if (child == key || signIn.Parent == key)
                _signIns.TryRemove(child, out _);
        lock (_lock)
            Tell(new TrackerChange.SignInRevoked(key));
        return Task.CompletedTask;
    }

    public Task TellPersonChangedAsync(UserId user, CancellationToken cancellationToken)
    {
        lock (_lock)
            Tell(new TrackerChange.PersonChanged(user));
        return Task.CompletedTask;
    }

    public Task ReportLeasesAsync(string proxy, IReadOnlyCollection<LeaseReport> reports, CancellationToken cancellationToken)
    {
        if (FailReports-- > 0)
            throw new InvalidOperationException("The tracker is away.");
        foreach (var report in reports)
            Reports.Enqueue(report);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<EngineId, EngineActivity>> GetActivityAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutCodeAsync(OneTimeCode code, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<OneTimeCode?> TakeCodeAsync(SignInKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    private void Tell(TrackerChange change)
    {
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(change);
    }
}
