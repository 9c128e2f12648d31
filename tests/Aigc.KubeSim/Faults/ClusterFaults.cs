using System.Collections.Concurrent;
using Aigc.KubeSim.Api;
using Microsoft.AspNetCore.Http;

namespace Aigc.KubeSim.Faults;

/// <summary>What goes wrong, when a test says so.</summary>
public sealed class ClusterFaults
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];
    private CancellationTokenSource _connections = new();
    private readonly ConcurrentDictionary<string, string> _denied = new();
    private volatile TaskCompletionSource _tellsOldEvents = Nothing();
    private volatile bool _isAway;

    private sealed record Fault(int Status, string? Verb, string? Resource, TimeSpan? RetryAfter)
    {
        public int Left { get; set; }
    }

    /// <summary>Each answer takes so much longer.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>
    /// Each new watch is told everything that is remembered from before the version it asks for, and nothing since, until this ends.
    /// </summary>
    public bool TellsOldEvents
    {
        get => _tellsOldEvents.Task.Status == TaskStatus.WaitingForActivation;
        set
        {
            _tellsOldEvents.TrySetResult();
            if (value)
                _tellsOldEvents = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Completed while there are none.</summary>
    internal Task OldEvents => _tellsOldEvents.Task;

    /// <summary>Breaks all connections, and each new one, until it is back.</summary>
    public bool IsAway
    {
        get => _isAway;
        set
        {
            _isAway = value;
            if (value)
                DropConnections();
        }
    }

    /// <summary>A bearer token whose requests nothing happens to; null: nobody's.</summary>
    public string? Spares { get; set; }

    /// <summary>What is asked is done; the connection breaks before the answer.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>The token that is cancelled when connections break.</summary>
    internal CancellationToken Connections
    {
        get
        {
            lock (_gate)
                return _connections.Token;
        }
    }

    /// <summary>The next requests are refused: 429 as by an overloaded server, 500 as by one whose etcd is slow, any other as by a proxy before it.</summary>
    /// <param name="verb">Null: all.</param>
    /// <param name="resource">A plural; null: all.</param>
    public void Answer(int status, int times, string? verb = null, string? resource = null, TimeSpan? retryAfter = null)
    {
        lock (_gate)
            _faults.Add(new(status, verb, resource, retryAfter) { Left = times });
    }

    /// <summary>An admission webhook refuses to let such an object be created, whoever creates it.</summary>
    /// <param name="resource">A plural.</param>
    public void Deny(string resource, string words) => _denied[resource] = words;

    public void Admit(string resource) => _denied.TryRemove(resource, out _);

    /// <exception cref="ApiException">A webhook refuses it.</exception>
    internal void AskWebhooks(string resource)
    {
        if (_denied.TryGetValue(resource, out var words))
            throw new ApiException(400, "", $"admission webhook \"rules.example.com\" denied the request: {words}");
    }

    /// <summary>What was still to be refused is not.</summary>
    public void Forgive()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <summary>Watches and whatever else is open end in the middle.</summary>
    public void DropConnections()
    {
        CancellationTokenSource open;
        lock (_gate)
            (open, _connections) = (_connections, new());
        open.Cancel();
    }

    private static TaskCompletionSource Nothing()
    {
        var nothing = new TaskCompletionSource();
        nothing.SetResult();
        return nothing;
    }

    /// <exception cref="ApiException">The fault, where it is one in the API server's own words.</exception>
    internal async Task BeforeAsync(HttpContext context, string verb, string resource, TimeProvider time)
    {
        if (IsSpared(context))
            return;
        if (_isAway)
        {
            context.Abort();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }

        if (Slowness > TimeSpan.Zero)
            await Task.Delay(Slowness, time, context.RequestAborted);
        Fault? fault;
        lock (_gate)
        {
            fault = _faults.Find(one => (one.Verb is null || one.Verb == verb) && (one.Resource is null || one.Resource == resource));
            if (fault is not null && --fault.Left <= 0)
                _faults.Remove(fault);
        }

        if (fault is null)
            return;
        if (fault.RetryAfter is { } pause)
            context.Response.Headers.RetryAfter = $"{(int)Math.Ceiling(pause.TotalSeconds)}";
        throw fault.Status switch
        {
            429 => new ApiException(429, "TooManyRequests", "The server is currently unable to handle the request: too many requests, please try again later."),
            500 => new ApiException(500, "", "etcdserver: request timed out"),
            503 => new ApiException(503, "ServiceUnavailable", "the server is currently unable to handle the request"),
            _ => new ApiException(fault.Status, "", $"the server answers {fault.Status}"),
        };
    }

    internal bool LosesAnswerTo(HttpContext context) => LosesAnswers && !IsSpared(context);

    private bool IsSpared(HttpContext context) => Spares is { } spared && context.Request.Headers.Authorization == $"Bearer {spared}";
}
