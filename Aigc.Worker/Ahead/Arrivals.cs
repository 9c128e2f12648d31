using System.Collections.Concurrent;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Worker.Sleeping;

namespace Aigc.Worker.Ahead;

/// <summary>When people came to engines that were woken before them; what was not seen is not learned.</summary>
public sealed class Arrivals(HabitStore store, Term term, TimeProvider time)
{
    /// <summary>The engines that were woken by habit and are ready: the run to which somebody came.</summary>
    private readonly ConcurrentDictionary<EngineId, string?> _came = new();
    private readonly ConcurrentDictionary<EngineId, DateTimeOffset> _due = new();

    /// <summary>Each time somebody looks at an engine that is ready.</summary>
    public void Note(Engine engine, Outlook outlook)
    {
        if (engine.DesiredReason.Code != Reasons.Habit || !TellsOfPeople(outlook, engine))
            return;
        if (_came.TryGetValue(engine.Id, out var run) && run == engine.RuntimeUid)
            return;
        var at = outlook.Last == UseKind.Ready ? time.GetUtcNow() : outlook.LastActivity;
        _came[engine.Id] = engine.RuntimeUid;
        _due[engine.Id] = at;
    }

    /// <summary>What an engine does by itself says nothing of them.</summary>
    private static bool TellsOfPeople(Outlook outlook, Engine engine) =>
        outlook.Why is Hold.Request or Hold.KeepAwake || outlook.Last is UseKind.Request or UseKind.Visit || !engine.IsAhead;

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_due.IsEmpty)
            return;
        var due = _due.ToArray();
        await store.CameAsync([.. due.Select(one => (one.Key, one.Value))], term, cancellationToken);
        foreach (var one in due)
            _due.TryRemove(one);
    }

    public void KeepOnly(IReadOnlyCollection<(Engine Engine, Template Template)> engines) => _came.KeepOnly(engines);
}
