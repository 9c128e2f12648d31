using System.Collections.Concurrent;
using System.Threading.Channels;
using Aigc.Engines.People;

namespace Aigc.Engines.Auditing;

/// <summary>Somebody asked for what they may not have.</summary>
public sealed record Denial(Actor Actor, AuditTarget Target, string Detail);

/// <summary>
/// Refusals on their way to the audit log. Whoever hammers at a door costs one entry a minute, and nobody waits for it:
/// these entries may be lost, with the process or beyond <see cref="MostKept"/>.
/// </summary>
public sealed class Denials(TimeProvider time)
{
    public const int LargestBatch = 200;
    private const int MostKept = 2_000;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Once = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(UserId?, string), long> _noted = new();
    private readonly Channel<Denial> _kept = Channel.CreateBounded<Denial>(MostKept);
    private long _dropped;

    /// <summary>How many did not fit.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Note(Actor actor, AuditTarget target, string detail)
    {
        var now = time.GetTimestamp();
        var key = (actor.Id, target.Id);
        if (_noted.TryGetValue(key, out var last) && time.GetElapsedTime(last, now) < Once)
            return;
        if (_noted.Count >= MostRemembered)
            Forget(now);
        var full = _noted.Count >= MostRemembered;
        // Of many at once, one goes on.
        if (!full && !(last == 0 ? _noted.TryAdd(key, now) : _noted.TryUpdate(key, now, last)))
            return;
        if (full || !_kept.Writer.TryWrite(new(actor, target, detail)))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Delivers batches until cancelled, each until it is taken.</summary>
    /// <param name="deliver">False: not now, try again.</param>
    public async Task RunAsync(Func<IReadOnlyList<Denial>, CancellationToken, Task<bool>> deliver, CancellationToken cancellationToken)
    {
        var batch = new List<Denial>(LargestBatch);
        while (await _kept.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(Pause, time, cancellationToken);
            while (batch.Count < LargestBatch && _kept.Reader.TryRead(out var denial))
                batch.Add(denial);
            while (!await deliver(batch, cancellationToken))
                await Task.Delay(Pause, time, cancellationToken);
            batch.Clear();
        }
    }

    private void Forget(long now)
    {
        foreach (var (key, last) in _noted)
            if (time.GetElapsedTime(last, now) >= Once)
                _noted.TryRemove(new(key, last));
    }
}
