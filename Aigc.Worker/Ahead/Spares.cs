using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Ahead;

/// <summary>The spares that are ready: an engine that wakes takes the compute of one that is of its template, and is ready at once.</summary>
public sealed class Spares(IEngineRuntime runtime, PendingWork<EngineId> queue)
{
    private readonly ConcurrentDictionary<EngineId, Engine> _ready = new();

    /// <summary>Which spare is kept, by the engine that it is for.</summary>
    private readonly ConcurrentDictionary<EngineId, EngineId> _reserved = new();

    public void Note(Engine engine)
    {
        if (engine is { IsSpare: true, State: EngineState.Ready, Desired: Desired.Awake })
            _ready[engine.Id] = engine;
        else
            _ready.TryRemove(engine.Id, out _);
    }

    public void Forget(EngineId engine)
    {
        _ready.TryRemove(engine, out _);
        Leave(engine);
    }

    /// <summary>Keeps a spare for an engine that is about to start.</summary>
    /// <param name="takeOver">Whether the engine may have the spare's place.</param>
    public bool Reserve(Engine engine, Func<EngineId, bool> takeOver)
    {
        foreach (var spare in _ready.Values.Where(spare => spare.Template == engine.Template && spare.TemplateVersion == engine.TemplateVersion))
        {
            if (!takeOver(spare.Id))
                continue;
            _ready.TryRemove(spare.Id, out _);
            _reserved[engine.Id] = spare.Id;
            return true;
        }

        return false;
    }

    /// <summary>The engine does not start after all.</summary>
    public void Leave(EngineId engine)
    {
        if (_reserved.TryRemove(engine, out var spare))
            queue.Enqueue(spare);
    }

    /// <summary>Null when none is kept for it, or it is gone.</summary>
    /// <exception cref="RuntimeAwayException">The runtime can't be asked.</exception>
    public async Task<Compute?> TakeAsync(StartRequest request, CancellationToken cancellationToken)
    {
        if (!_reserved.TryRemove(request.Engine, out var spare))
            return null;
        try
        {
            return await runtime.GiveAsync(spare, request, cancellationToken);
        }
        finally
        {
            // It starts anew, or sleeps.
            queue.Enqueue(spare);
        }
    }
}
