namespace Aigc.DemoEngine.Generating;

/// <summary>One job runs, the others wait their turn; the last finished ones are remembered.</summary>
internal sealed class JobQueue : IDisposable
{
    private const int MostPending = 100;
    private const int MostFinished = 100;
    private readonly Lock _lock = new();
    private readonly Queue<Job> _pending = new();
    private readonly Queue<Job> _finished = new();
    private readonly SemaphoreSlim _available = new(0);
    private Job? _running;
    private int _lastNumber;

    /// <summary>Null when the queue is full.</summary>
    public Job? TryAdd(Order order, JobGraph graph, string? clientId)
    {
        lock (_lock)
        {
            if (_pending.Count >= MostPending)
                return null;
            var job = new Job(Guid.NewGuid().ToString(), ++_lastNumber, order, graph, clientId);
            _pending.Enqueue(job);
            _available.Release();
            return job;
        }
    }

    public async Task<Job> TakeAsync(CancellationToken cancellation)
    {
        await _available.WaitAsync(cancellation);
        lock (_lock)
            return _running = _pending.Dequeue();
    }

    /// <summary>Call when the job's outcome is known.</summary>
    public void Retire(Job job)
    {
        lock (_lock)
        {
            _running = null;
            _finished.Enqueue(job);
            if (_finished.Count > MostFinished)
                _finished.Dequeue();
        }
    }

    public (Job? Running, IReadOnlyList<Job> Pending) Unfinished()
    {
        lock (_lock)
            return (_running, [.. _pending]);
    }

    public IReadOnlyList<Job> Finished()
    {
        lock (_lock)
            return [.. _finished];
    }

    public int Remaining()
    {
        lock (_lock)
            return _pending.Count + (_running is null ? 0 : 1);
    }

    public void Dispose() => _available.Dispose();
}
