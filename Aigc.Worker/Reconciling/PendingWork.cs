using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Aigc.Worker.Reconciling;

/// <summary>
/// A work queue of keys: a key is handled by one worker at a time, and asked for while it is handled it is handled once more.
/// Bounded by the number of keys there are.
/// </summary>
/// <param name="waited">Told how long each key waited for its turn.</param>
public sealed class PendingWork<TKey>(TimeProvider time, Action<TimeSpan>? waited = null) : IDisposable
    where TKey : notnull
{
    private enum Mark
    {
        Waiting,
        Handled,
        HandledAndAskedAgain,
    }

    private readonly ConcurrentDictionary<TKey, Mark> _marks = new();
    private readonly ConcurrentDictionary<TKey, (DateTimeOffset Due, ITimer Timer)> _timers = new();
    private readonly Channel<(TKey Key, long Since)> _channel = Channel.CreateUnbounded<(TKey, long)>();

    public void Enqueue(TKey key)
    {
        // Who waits already is not written a second time: two tasks would handle it at once.
        while (!_marks.TryAdd(key, Mark.Waiting))
        {
            if (!_marks.TryGetValue(key, out var mark))
                continue;
            if (mark != Mark.Handled || _marks.TryUpdate(key, Mark.HandledAndAskedAgain, Mark.Handled))
                return;
        }

        Write(key);
    }

    /// <summary>Whether the key waits or is being handled.</summary>
    public bool IsPending(TKey key) => _marks.ContainsKey(key);

    /// <summary>Looks at the key again at the latest after this delay; the nearest of several delays counts.</summary>
    public void EnqueueAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Enqueue(key);
            return;
        }

        var due = time.GetUtcNow() + delay;
        if (_timers.TryGetValue(key, out var pending) && pending.Due <= due)
            return;
        // Known before it runs: one that fired before it was known would stay here for ever, and no later delay would be heeded.
        var timer = time.CreateTimer(_ => Fire(key), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers.AddOrUpdate(key, (due, timer), (_, old) =>
        {
            old.Timer.Dispose();
            return (due, timer);
        });
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public async Task RunAsync(int parallelism, Func<TKey, Task> handle, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            _channel.Reader.ReadAllAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (item, _) =>
            {
                var key = item.Key;
                waited?.Invoke(time.GetElapsedTime(item.Since));
                _marks[key] = Mark.Handled;
                await handle(key);
                if (!_marks.TryRemove(new(key, Mark.Handled)))
                {
                    _marks[key] = Mark.Waiting;
                    Write(key);
                }
            });

    private void Write(TKey key) => _channel.Writer.TryWrite((key, time.GetTimestamp()));

    private void Fire(TKey key)
    {
        if (_timers.TryRemove(key, out var pending))
            pending.Timer.Dispose();
        Enqueue(key);
    }

    public void Dispose()
    {
        foreach (var (_, timer) in _timers.Values)
            timer.Dispose();
    }
}
