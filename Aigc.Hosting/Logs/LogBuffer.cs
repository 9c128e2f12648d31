using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.Logs;

/// <summary>The last lines of one resource, and whoever follows them.</summary>
internal sealed class LogBuffer
{
    public const int Capacity = 2_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly HashSet<ChannelWriter<LogLine>> _followers = [];
    private int _last;

    public void Add(string content, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_last, content, isError);
            if (_lines.Count == Capacity) _lines.Dequeue();
            _lines.Enqueue(line);
            foreach (var follower in _followers) follower.TryWrite(line);
        }
    }

    public IReadOnlyList<LogLine> Snapshot()
    {
        lock (_lock) return [.. _lines];
    }

    /// <summary>The lines after that number, then new ones. A follower that lags loses the oldest, as the buffer does.</summary>
    public async IAsyncEnumerable<LogLine> FollowAsync(int after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            foreach (var line in _lines.Where(line => line.LineNumber > after)) channel.Writer.TryWrite(line);
            _followers.Add(channel.Writer);
        }

        try
        {
            await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken)) yield return line;
        }
        finally
        {
            lock (_lock) _followers.Remove(channel.Writer);
        }
    }
}
