using System.Threading.Channels;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>"Look again" for each watcher. One waiting signal is as good as many, so nothing piles up.</summary>
internal sealed class ChangeSignals
{
    private readonly Lock _listing = new();
    private Channel<bool>[] _listeners = [];

    public Listener Listen()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_listing)
            _listeners = [.. _listeners, channel];
        return new(this, channel);
    }

    public void Signal()
    {
        foreach (var listener in Volatile.Read(ref _listeners))
            listener.Writer.TryWrite(true);
    }

    public sealed class Listener(ChangeSignals signals, Channel<bool> channel) : IDisposable
    {
        /// <summary>Ends with the next signal, or after this time.</summary>
        public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
        {
            using var patience = new CancellationTokenSource(longest, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                await channel.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Nothing was heard for so long.
            }
        }

        public void Dispose()
        {
            lock (signals._listing)
                signals._listeners = [.. signals._listeners.Where(other => other != channel)];
        }
    }
}
