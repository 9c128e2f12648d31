using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Worker.Ahead;
using Aigc.Worker.Runtimes;
using Aigc.Worker.Sleeping;

namespace Aigc.Worker.Reconciling;

/// <summary>All engines at one look: one query, one list of the runtime, and no I/O for those at rest, which are nearly all.</summary>
public sealed class Survey(
    EngineStore engines,
    ObservedStore observed,
    UsageStore usage,
    TemplateCatalog templates,
    IEngineRuntime runtime,
    ComputeMemory memory,
    PoolCatalog catalog,
    Allocator pools,
    RoutePublisher routes,
    Drains drains,
    AwakeEngines awake,
    Spares spares,
    PendingWork<EngineId> queue,
    WorkerMetrics metrics,
    Term term,
    TimeProvider time)
{
    /// <summary>The first look of a term: takes what runs for granted, and closes the books on what does not.</summary>
    /// <returns>How many engines have compute.</returns>
    public async Task<int> AdoptAsync(CancellationToken cancellationToken)
    {
        // Nothing is concluded, and nothing is started, before this list was complete once.
        var computes = await runtime.ListAsync(cancellationToken);
        var uids = computes.Select(compute => compute.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var interval in await usage.ListOpenAsync(cancellationToken))
        {
            // It ended while nobody looked, and left no word of when.
            if (!uids.Contains(interval.RuntimeUid))
                await usage.EndedAsync(interval.RuntimeUid, time.GetUtcNow(), term, cancellationToken);
        }

        await LookAsync(computes, cancellationToken, adopts: true);
        return computes.Count;
    }

    /// <summary>Nothing can be done yet, and nothing is concluded: whoever is asked to wake learns what it waits for.</summary>
    public async Task TellAsync(Reason reason, CancellationToken cancellationToken)
    {
        foreach (var engine in await engines.ListAllAsync(cancellationToken))
        {
            if (engine.RuntimeUid is null && Waits(engine) && (engine.State != EngineState.Queued || engine.Reason.Code != reason.Code))
                await observed.WriteAsync(engine.Id, new(EngineState.Queued, reason, engine.Generation), term, cancellationToken);
        }
    }

    /// <summary>Queues every engine for which there is something to do, and tells the routes of all.</summary>
    public async Task LookAsync(CancellationToken cancellationToken) =>
        await LookAsync(await runtime.ListAsync(cancellationToken), cancellationToken);

    private async Task LookAsync(IReadOnlyList<Compute> computes, CancellationToken cancellationToken, bool adopts = false)
    {
        templates.Forget();
        await catalog.ReadAsync(cancellationToken);
        // The rows come after the list: compute without a row is a stray only if its row is gone, not if it is not there yet.
        var byEngine = computes.ToDictionary(compute => compute.Engine);
        var rows = await engines.ListAllAsync(cancellationToken);
        if (adopts)
            await QueueAsync(rows, byEngine, cancellationToken);
        var now = time.GetUtcNow();
        var known = new HashSet<EngineId>(rows.Count);
        foreach (var engine in rows)
        {
            known.Add(engine.Id);
            metrics.Saw(engine.Id, engine.State);
            var compute = byEngine.GetValueOrDefault(engine.Id);
            var template = await templates.FindAsync(engine, cancellationToken);
            // What is being worked on is newer than what was read here.
            if (queue.IsPending(engine.Id) || !IsSettled(engine, compute, template, now))
            {
                // An address is told of only while what listens there is known to be this engine.
                var certain = compute?.Uid is { } uid && uid == engine.RuntimeUid;
                routes.PublishIfUnknown(certain ? engine : engine with { Address = null }, template);
                queue.Enqueue(engine.Id);
                continue;
            }

            if (routes.Publish(engine, template, drains.IsDraining(engine)))
            {
                awake.Note(engine, template);
                spares.Note(engine);
            }
        }

        foreach (var stray in byEngine.Keys.Concat(routes.Known).Where(engine => !known.Contains(engine)))
            queue.Enqueue(stray);
    }

    /// <summary>What runs has its compute where its row says, and who waited under an earlier leader waits in the same order.</summary>
    private async Task QueueAsync(IReadOnlyList<Engine> rows, Dictionary<EngineId, Compute> computes, CancellationToken cancellationToken)
    {
        foreach (var stray in computes.Keys.Except(rows.Select(engine => engine.Id)))
            pools.AdoptStray(stray);
        foreach (var engine in rows.Where(engine => computes.ContainsKey(engine.Id)))
            pools.Adopt(engine);
        foreach (var engine in rows.Where(engine => Waits(engine) && !computes.ContainsKey(engine.Id)).OrderBy(engine => engine.AskedAt))
        {
            if (await templates.FindAsync(engine, cancellationToken) is { } template)
                pools.Ask(engine, runtime.NeedsOf(template));
        }
    }

    private static bool Waits(Engine engine) =>
        engine.Desired == Desired.Awake && !(engine.State == EngineState.Failed && engine.ObservedGeneration == engine.Generation);

    /// <summary>What the row says is what would be decided anew, and nothing has to be done or waited for.</summary>
    private bool IsSettled(Engine engine, Compute? compute, Template? template, DateTimeOffset now)
    {
        if (compute is { Phase: ComputePhase.Exited } || (compute is null && Waits(engine)))
            return false;
        if (compute is not null && template is null)
            return false;
        var decision = Reconciler.Next(engine, memory.Observe(engine, compute, place: null, now), template ?? EngineReconciler.NoTemplate, now);
        return decision is { Step: Step.None, RequeueAfter: null }
            && decision.State == engine.State && decision.Reason == engine.Reason && engine.ObservedGeneration == engine.Generation
            && engine.RuntimeUid == compute?.Uid && engine.Address == compute?.Address;
    }
}
