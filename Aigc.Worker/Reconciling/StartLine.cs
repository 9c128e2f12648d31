using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Reconciling;

/// <summary>Starts in the order of asking, a few at once: a start may wait for what the runtime may be asked, and holds up only the starts after it.</summary>
public sealed class StartLine(PendingWork<EngineId> queue)
{
    /// <summary>Half of what is looked at at once, so that the other half is left for all that is not a start.</summary>
    public const int AtOnce = ReconcileLoop.Parallelism / 2;

    private readonly Lock _lock = new();
    private readonly List<EngineId> _line = [];

    /// <returns>Whether it is the engine's turn. Asking again keeps the place.</returns>
    public bool Ask(EngineId engine)
    {
        lock (_lock)
        {
            if (_line.IndexOf(engine) is >= 0 and var place)
                return place < AtOnce;
            _line.Add(engine);
            return _line.Count <= AtOnce;
        }
    }

    /// <summary>It has started, failed to, or wants to no more: it is the next one's turn.</summary>
    public void Leave(EngineId engine)
    {
        lock (_lock)
        {
            var place = _line.IndexOf(engine);
            if (place < 0)
                return;
            _line.RemoveAt(place);
            if (place < AtOnce && _line.Count >= AtOnce)
                queue.Enqueue(_line[AtOnce - 1]);
        }
    }
}
