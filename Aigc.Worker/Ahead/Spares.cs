using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Ahead;

/// <summary>The spares that are ready: an engine that wakes takes the compute of one that is of its template, and is ready at once.</summary>
public sealed class Spares(IEngineRuntime runtime, PendingWork<EngineId> queue)
{
    private readonly ConcurrentDictionary<EngineId, Engine> _ready = new();

    public void Note(Engine engine)
    {
        if (engine is { IsSpare: true, State: EngineState.Ready, Desired: Desired.Awake })
            _ready[engine.Id] = engine;
        else
            Forget(engine.Id);
    }

    public void Forget(EngineId spare) => _ready.TryRemove(spare, out _);

    /// <summary>Null when there is none for it.</summary>
    /// <exception cref="RuntimeAwayException">The runtime can't be asked.</exception>
    public async Task<Compute?> TakeAsync(StartRequest request, CancellationToken cancellationToken)
    {
        foreach (var spare in _ready.Values)
        {
            // Of several who look at once each takes another.
            if (spare.Template != request.Template.Name || spare.TemplateVersion != request.Template.Version || !_ready.TryRemove(spare.Id, out _))
                continue;
            var given = await runtime.GiveAsync(spare.Id, request, cancellationToken);
            // It starts anew, or sleeps.
            queue.Enqueue(spare.Id);
            if (given is not null)
                return given;
        }

        return null;
    }
}
