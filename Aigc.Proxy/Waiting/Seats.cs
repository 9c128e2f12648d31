using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Waiting;

/// <summary>Bounds the requests that wait, for each engine and for all together.</summary>
public sealed class Seats(IOptions<WaitingOptions> options)
{
    private readonly ConcurrentDictionary<EngineId, int> _taken = new();
    private int _all;

    public int Taken => Volatile.Read(ref _all);

    /// <summary>A seat to dispose of afterwards; null: all are taken.</summary>
    public IDisposable? TryTake(EngineId engine)
    {
        var seat = new Seat(this, engine);
        if (Interlocked.Increment(ref _all) <= options.Value.MaxWaiters
            & _taken.AddOrUpdate(engine, 1, (_, n) => n + 1) <= options.Value.MaxWaitersPerEngine)
            return seat;
        seat.Dispose();
        return null;
    }

    private sealed class Seat(Seats seats, EngineId engine) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref seats._all);
            if (seats._taken.AddOrUpdate(engine, 0, (_, n) => n - 1) == 0)
                seats._taken.TryRemove(new(engine, 0));
        }
    }
}
