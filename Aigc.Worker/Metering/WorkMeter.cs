using System.Collections.Concurrent;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;

namespace Aigc.Worker.Metering;

/// <summary>Meters pictures or jobs, as engines count them from their start.</summary>
public sealed class WorkMeter(MeterStore store, Term term)
{
    private readonly ConcurrentDictionary<EngineId, (string RuntimeUid, long Total)> _told = new();

    /// <param name="total">Null: the engine did not say.</param>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task NoteAsync(Engine engine, long? total, CancellationToken cancellationToken)
    {
        if (total is not > 0 || engine.RuntimeUid is not { } uid || _told.GetValueOrDefault(engine.Id) == (uid, total.Value))
            return;
        await store.CountAsync(uid, total.Value, term, cancellationToken);
        _told[engine.Id] = (uid, total.Value);
    }
}
