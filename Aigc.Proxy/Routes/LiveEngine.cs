using System.Diagnostics.CodeAnalysis;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Leases;

namespace Aigc.Proxy.Routes;

/// <summary>One engine as this proxy sees it now. The object outlives the changes of its route, so waiters and streams hold on to it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer and wait handle has nothing to release.")]
public sealed class LiveEngine
{
    private readonly Lock _updating = new();
    private volatile Route _route;
    private volatile string? _target;
    private volatile TaskCompletionSource _changed = NewSignal();
    private volatile CancellationTokenSource _stay = new();
    private string? _lastTarget;

    public LiveEngine(Route route, TimeProvider time)
    {
        Lease = new(time);
        _route = route;
        Put(route);
    }

    public EngineId Id => _route.Engine;

    public Route Route => _route;

    /// <summary>Where requests go, without a trailing slash; null: not now.</summary>
    public string? Target => _target;

    public bool Removed { get; private set; }

    public EngineLease Lease { get; }

    /// <summary>Cancelled when the engine leaves Ready for good or moves: its open streams end then.</summary>
    public CancellationToken Gone => _stay.Token;

    /// <summary>Completes at the next change. Take it first, then look at <see cref="Route"/>, then wait: no change is missed.</summary>
    public Task Changed => _changed.Task;

    public void Put(Route route)
    {
        lock (_updating)
        {
            var target = route is { State: EngineState.Ready, Draining: false } ? route.Address?.GetLeftPart(UriPartial.Path).TrimEnd('/') : null;
            var moved = target is not null && _lastTarget is not null && target != _lastTarget;
            _lastTarget = target ?? _lastTarget;
            _route = route;
            _target = target;
            // Draining keeps the streams: a visit may still void it.
            if (moved || route.State != EngineState.Ready)
                EndStreams();
            Signal();
        }
    }

    public void Remove()
    {
        lock (_updating)
        {
            Removed = true;
            _target = null;
            EndStreams();
            Signal();
        }
    }

    private void EndStreams()
    {
        var ended = _stay;
        _stay = new();
        _ = ended.CancelAsync();
    }

    private void Signal()
    {
        var signal = _changed;
        _changed = NewSignal();
        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
