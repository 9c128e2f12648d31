using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Reconciling;

/// <summary>Who has compute and who waits for it: first come, first served, up to a capacity.</summary>
/// <param name="capacity">Null: nobody waits.</param>
public sealed class Admission(int? capacity)
{
    private readonly Lock _lock = new();
    private readonly HashSet<EngineId> _granted = [];
    private readonly List<EngineId> _waiting = [];

    /// <summary>The engine's place in the queue; 0: it has compute. Asking again keeps the place.</summary>
    public int Ask(EngineId engine)
    {
        lock (_lock)
        {
            if (_granted.Contains(engine))
                return 0;
            var place = _waiting.IndexOf(engine);
            if (place < 0)
            {
                _waiting.Add(engine);
                place = _waiting.Count - 1;
            }

            if (_granted.Count + place - capacity is >= 0 and var before)
                return before + 1;
            _waiting.RemoveAt(place);
            _granted.Add(engine);
            return 0;
        }
    }

    /// <summary>The engine has compute already, whatever the capacity.</summary>
    public void Grant(EngineId engine)
    {
        lock (_lock)
        {
            _waiting.Remove(engine);
            _granted.Add(engine);
        }
    }

    /// <summary>Gives the engine's compute, or its place, back.</summary>
    /// <returns>Who waits and may have moved up.</returns>
    public IReadOnlyList<EngineId> Release(EngineId engine)
    {
        lock (_lock)
        {
            return _granted.Remove(engine) | _waiting.Remove(engine) ? [.. _waiting] : [];
        }
    }
}
