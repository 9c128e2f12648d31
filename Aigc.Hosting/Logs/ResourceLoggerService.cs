using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Logs;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What resources write, and what is said about them.</summary>
public sealed class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, LogBuffer> _buffers = [];

    /// <summary>Also writes to the console of the AppHost; null in tests.</summary>
    internal ConsoleWriter? Console { get; init; }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var line in Buffer(resourceName).FollowAsync(0, cancellationToken)) yield return [line];
    }

    internal LogBuffer Buffer(string resourceId) => _buffers.GetOrAdd(resourceId, _ => new LogBuffer());

    internal void Write(string resourceId, string line, bool isError = false)
    {
        Buffer(resourceId).Add(line, isError);
        Console?.Write(resourceId, line);
    }
}
