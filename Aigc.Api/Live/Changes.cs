using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Aigc.Engines.Storage;

namespace Aigc.Api.Live;

/// <summary>One subscriber's changes of the database. One that reads too slowly loses them all to a single <see cref="DatabaseChange.Resync"/>.</summary>
public sealed class Changes : IDisposable
{
    private const int Capacity = 256;

    private readonly Channel<DatabaseChange> _channel =
        Channel.CreateBounded<DatabaseChange>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });
    private readonly Action<Changes> _leave;

    internal Changes(Action<Changes> leave) => _leave = leave;

    /// <summary>Waits for a change, at most <paramref name="limit"/>; false when none came.</summary>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _channel.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public bool TryRead([NotNullWhen(true)] out DatabaseChange? change) => _channel.Reader.TryRead(out change);

    /// <returns>How many changes were dropped for it.</returns>
    internal int Offer(DatabaseChange change)
    {
        if (_channel.Writer.TryWrite(change))
            return 0;
        var dropped = 1;
        while (_channel.Reader.TryRead(out _))
            dropped++;
        _channel.Writer.TryWrite(new DatabaseChange.Resync());
        return dropped;
    }

    public void Dispose() => _leave(this);
}
