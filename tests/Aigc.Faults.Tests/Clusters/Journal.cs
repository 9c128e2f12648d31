using System.Collections.Concurrent;
using System.Globalization;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>What happened, line by line: for whoever looks into a failure.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _lines = new();

    public void Add(string line) => _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}"));

    /// <returns>Where it was kept.</returns>
    public async Task<string> KeepAsync(int seed)
    {
        var file = Path.Combine(Path.GetTempPath(), $"aigc-cluster-faults-{seed}.log");
        await File.WriteAllLinesAsync(file, _lines);
        return file;
    }
}
