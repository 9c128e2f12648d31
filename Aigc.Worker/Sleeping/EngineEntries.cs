using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Sleeping;

/// <summary>What is remembered of engines while they are awake.</summary>
internal static class EngineEntries
{
    public static void KeepOnly<T>(this ConcurrentDictionary<EngineId, T> entries, IReadOnlyCollection<(Engine Engine, Template Template)> engines)
    {
        // A few that are left over do no harm.
        if (entries.Count <= engines.Count)
            return;
        foreach (var gone in entries.Keys.Except(engines.Select(entry => entry.Engine.Id)))
            entries.TryRemove(gone, out _);
    }
}
