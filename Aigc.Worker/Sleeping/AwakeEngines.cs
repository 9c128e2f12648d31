using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Sleeping;

/// <summary>The engines that are ready, as the reconciler last saw them: what the sleep sweep looks at.</summary>
public sealed class AwakeEngines
{
    private readonly ConcurrentDictionary<EngineId, (Engine Engine, Template Template)> _ready = new();

    public IEnumerable<(Engine Engine, Template Template)> Ready => _ready.Values;

    public void Note(Engine engine, Template? template)
    {
        if (template is not null && engine is { IsSpare: false, State: EngineState.Ready, Desired: Desired.Awake })
            _ready[engine.Id] = (engine, template);
        else
            Forget(engine.Id);
    }

    public void Forget(EngineId engine) => _ready.TryRemove(engine, out _);
}
