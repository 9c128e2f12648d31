using System.Collections.Concurrent;
using System.Globalization;

namespace Aigc.Testing.Faults;

/// <summary>What the gateway and the engines have acknowledged to people, and what went wrong on the way.</summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<string, int> _outcomes = new();

    /// <summary>Engines whose taking was answered with success, by their owner.</summary>
    public ConcurrentBag<(string Owner, string Engine)> Engines { get; } = [];

    /// <summary>Images that an engine said it has saved, by their unique seed.</summary>
    public ConcurrentBag<(string Engine, long Seed)> Images { get; } = [];

    /// <summary>Files whose upload was answered with success.</summary>
    public ConcurrentBag<(string Engine, string Path, string Content)> Files { get; } = [];

    /// <summary>What may never happen to somebody who is signed in, whatever has died.</summary>
    public ConcurrentQueue<string> Wrongs { get; } = [];

    public void Count(string what) => _outcomes.AddOrUpdate(what, 1, (_, count) => count + 1);

    public int Counted(string what) => _outcomes.GetValueOrDefault(what);

    public string Summary() => string.Join('\n', _outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => string.Create(CultureInfo.InvariantCulture, $"  {pair.Key,-40} {pair.Value,6}")));
}
