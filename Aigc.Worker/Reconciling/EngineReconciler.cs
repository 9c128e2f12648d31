using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Worker.Ahead;
using Aigc.Worker.Probes;
using Aigc.Worker.Runtimes;
using Aigc.Worker.Sleeping;
using Aigc.Worker.Waking;

namespace Aigc.Worker.Reconciling;

/// <summary>One engine, one look: read what is desired, observe, let <see cref="Reconciler.Next"/> decide, note it, do the one step.</summary>
public sealed partial class EngineReconciler(
    EngineStore engines,
    ObservedStore observedStore,
    UsageStore usage,
    TemplateCatalog templates,
    IEngineRuntime runtime,
    ReadinessProber readiness,
    ComputeMemory memory,
    PoolCatalog catalog,
    Allocator pools,
    StartLine starts,
    RoutePublisher routes,
    Drains drains,
    AwakeEngines awake,
    Spares spares,
    IEngineLogs logs,
    Term term,
    Wakes wakes,
    TimeProvider time,
    ILogger<EngineReconciler> logger)
{
    private const int LogLinesShown = 8;
    private static readonly TimeSpan QuotaRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AwayRetry = TimeSpan.FromSeconds(2);

    /// <returns>When to look again at the latest.</returns>
    public async Task<TimeSpan?> ReconcileAsync(EngineId id, CancellationToken cancellationToken)
    {
        var engine = await engines.FindAsync(id, cancellationToken);
        var compute = await runtime.FindAsync(id, cancellationToken);
        if (engine is null)
        {
            await ForgetAsync(id, compute, cancellationToken);
            return null;
        }

        wakes.Enter(engine);
        var template = await templates.FindAsync(engine, cancellationToken);
        var now = time.GetUtcNow();
        var observed = memory.Observe(engine, compute, Place(engine, compute, template), now);
        if (compute is { Phase: ComputePhase.Exited })
            observed = observed with { Detail = await DescribeExitAsync(compute, cancellationToken) };
        var decision = template is null && engine.Desired == Desired.Awake && compute is null
            ? new(Step.None, EngineState.Failed, new(Reasons.TemplateMissing, engine.Template))
            : Reconciler.Next(engine, observed, template ?? NoTemplate, now);
        if (decision.Step != Step.Start)
            starts.Leave(id);
        if (decision.State is not (EngineState.Starting or EngineState.Queued))
            pools.Started(id);

        // Each attempt would say that it starts.
        if (decision.Step == Step.Start && engine is { State: EngineState.Queued, Reason.Code: Reasons.ClusterAway })
            decision = decision with { State = engine.State, Reason = engine.Reason };
        if (decision.Reason.Code is Reasons.NeverReady or Reasons.NeverListened && engine.State != EngineState.Failed)
            decision = decision with { Reason = await WithLogAsync(decision.Reason, compute!, cancellationToken) };
        if (compute?.Uid != engine.RuntimeUid)
            await MeterAsync(engine, compute, cancellationToken);
        try
        {
            engine = await NoteAsync(engine, decision, compute, now, cancellationToken);
        }
        catch (QuotaUsedException)
        {
            // A rule has changed since it was granted: it waits until the queue knows.
            pools.Release(id);
            await catalog.ReadAsync(cancellationToken);
            return QuotaRetry;
        }

        if (engine is null)
            return TimeSpan.Zero;
        wakes.Note(engine);
        routes.Publish(engine, template, drains.IsDraining(engine));
        awake.Note(engine, template);
        spares.Note(engine);
        return await DoAsync(engine, decision, compute, template, cancellationToken);
    }

    private QueuePlace? Place(Engine engine, Compute? compute, Template? template)
    {
        if (compute is not null)
            pools.Adopt(engine);
        else if (engine.Desired == Desired.Awake && (engine.IsSpare || !spares.Reserve(engine, spare => pools.TakeOver(engine, spare))))
            return pools.Ask(engine, template is null ? EngineNeeds.None : runtime.NeedsOf(template));
        return null;
    }

    private async Task<Engine?> NoteAsync(Engine engine, Decision decision, Compute? compute, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = engine.RuntimeUid == compute?.Uid ? engine.ReadyAt : null;
        var readyAt = decision.State == EngineState.Ready ? (engine.State == EngineState.Ready ? known : null) ?? now
            // It was ready, and will be as it was: a machine that is silent proves nothing else.
            : decision is { State: EngineState.Starting, Reason.Code: Reasons.MachineGone } ? known
            : null;
        var next = new ObservedState(decision.State, decision.Reason, engine.Generation, compute?.Uid, compute?.Address, readyAt,
            compute is not null || decision.Step == Step.Start ? pools.PlacementOf(engine.Id) : null);
        var same = engine.State == next.State && engine.Reason == next.Reason && engine.ObservedGeneration == next.Generation
            && engine.RuntimeUid == next.RuntimeUid && engine.Address == next.Address && engine.ReadyAt == next.ReadyAt
            && engine.PoolUnits == (next.Place?.Units ?? 0) && (next.Place is null || engine.Pool == next.Place.Pool);
        if (same)
            return engine;
        if (engine.State != next.State)
            Log.StateChanged(logger, engine.Id, engine.Host, engine.State, next.State, next.Reason.Code);
        return await observedStore.WriteAsync(engine.Id, next, term, cancellationToken);
    }

    private async Task<TimeSpan?> DoAsync(
        Engine engine, Decision decision, Compute? compute, Template? template, CancellationToken cancellationToken)
    {
        switch (decision.Step)
        {
            case Step.Start when !starts.Ask(engine.Id):
                // Looked at again when it is its turn.
                return null;
            case Step.Start:
                return await StartAsync(engine, template!, cancellationToken);
            case Step.Probe:
                var answer = await readiness.ProbeAsync(compute!.Address!, template!.Readiness, cancellationToken);
                memory.Note(engine.Id, compute.Uid, answer, time.GetUtcNow());
                return answer.State == Readiness.Ready ? TimeSpan.Zero : decision.RequeueAfter;
            case Step.Stop:
                await runtime.StopAsync(engine.Id, cancellationToken);
                break;
            case Step.Kill:
                Log.Killing(logger, engine.Id, engine.Host);
                await runtime.KillAsync(engine.Id, cancellationToken);
                break;
            case Step.Release:
                await ReleaseAsync(engine.Id, compute!, cancellationToken);
                break;
            case Step.Remove:
                await runtime.RemoveAsync(engine.Id, engine.KeepDisk, cancellationToken);
                await observedStore.RemoveAsync(engine, term, cancellationToken);
                return TimeSpan.Zero;
            case Step.None when compute is { Phase: ComputePhase.Running } && template is not null:
                return await runtime.RepairAsync(Request(engine, template), cancellationToken) is { } again && !(decision.RequeueAfter < again) ? again : decision.RequeueAfter;
            case Step.None when compute is null && decision.State != EngineState.Queued:
                pools.Release(engine.Id);
                spares.Leave(engine.Id);
                break;
        }

        return decision.RequeueAfter;
    }

    private async Task<TimeSpan> StartAsync(Engine engine, Template template, CancellationToken cancellationToken)
    {
        try
        {
            var request = Request(engine, template);
            var taken = await spares.TakeAsync(request, cancellationToken);
            if (taken is not null)
                await observedStore.RemarkAsync(engine.Id, new(Reasons.SpareTaken), term, cancellationToken);
            var compute = taken ?? await runtime.StartAsync(request, cancellationToken);
            await MeterAsync(engine, compute, cancellationToken);
            if (compute.Remark is { } remark)
                await observedStore.RemarkAsync(engine.Id, remark, term, cancellationToken);
        }
        catch (EngineStartException exception)
        {
            Log.StartFailed(logger, exception, engine.Id, engine.Host);
            if (await observedStore.WriteAsync(engine.Id, new(EngineState.Failed, exception.Reason, engine.Generation), term, cancellationToken) is { } failed)
                wakes.Note(failed);
        }
        catch (RuntimeAwayException exception)
        {
            if (engine.State == EngineState.Queued && engine.Reason.Code == exception.Reason.Code)
                return AwayRetry;
            Log.Waits(logger, exception, engine.Id, engine.Host);
            if (await observedStore.WriteAsync(engine.Id, new(EngineState.Queued, exception.Reason, engine.Generation, Place: pools.PlacementOf(engine.Id)), term, cancellationToken) is { } waiting)
                wakes.Note(waiting);
            return AwayRetry;
        }
        finally
        {
            starts.Leave(engine.Id);
        }

        return TimeSpan.Zero;
    }

    private StartRequest Request(Engine engine, Template template) =>
        new(engine.Id, engine.Generation, template, engine.Owner, engine.Owner.Value, engine.Host, engine.Group, pools.PoolOf(engine.Id), engine.IsSpare);

    /// <summary>One compute's time ends where the next one's begins, or where it is missed. What waits for a machine uses none.</summary>
    private async Task MeterAsync(Engine engine, Compute? compute, CancellationToken cancellationToken)
    {
        var next = compute is { HasMachine: true } ? compute : null;
        if (engine.RuntimeUid is { } before && before != compute?.Uid)
            await usage.EndedAsync(before, next?.StartedAt ?? time.GetUtcNow(), term, cancellationToken);
        if (next is not null)
            await usage.StartedAsync(engine, next.Uid, next.StartedAt, term, cancellationToken);
    }

    private async Task ReleaseAsync(EngineId id, Compute compute, CancellationToken cancellationToken)
    {
        await usage.EndedAsync(compute.Uid, compute.EndedAt ?? time.GetUtcNow(), term, cancellationToken);
        await runtime.ReleaseAsync(id, cancellationToken);
        memory.Forget(id);
    }

    /// <summary>No row owns it: what is left of it ends, its disk stays.</summary>
    private async Task ForgetAsync(EngineId id, Compute? compute, CancellationToken cancellationToken)
    {
        if (compute is { Phase: ComputePhase.Exited })
            await ReleaseAsync(id, compute, cancellationToken);
        else if (compute is not null)
            await runtime.KillAsync(id, cancellationToken);
        starts.Leave(id);
        routes.Remove(id);
        memory.Forget(id);
        awake.Forget(id);
        spares.Forget(id);
        wakes.Forget(id);
        pools.Release(id);
    }

    private async Task<string> DescribeExitAsync(Compute compute, CancellationToken cancellationToken) =>
        $"{compute.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}\n"
        + await logs.ReadTailAsync(compute.Engine, LogLinesShown, cancellationToken);

    private async Task<Reason> WithLogAsync(Reason reason, Compute compute, CancellationToken cancellationToken)
    {
        var log = await logs.ReadTailAsync(compute.Engine, LogLinesShown, cancellationToken);
        return reason with { Detail = reason.Code == Reasons.NeverReady ? $"{reason.Detail}\n{log}" : log };
    }

    /// <summary>Stands in for a template that is gone, for engines that only have to be stopped.</summary>
    internal static readonly Template NoTemplate = new() { Name = "", Title = new(""), Description = new(""), Version = "" };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Engine {Host} ({Engine}): {Before} → {After} ({Reason})")]
        public static partial void StateChanged(ILogger logger, EngineId engine, string host, EngineState before, EngineState after, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Engine {Host} ({Engine}) did not stop in time and is ended by force")]
        public static partial void Killing(ILogger logger, EngineId engine, string host);

        [LoggerMessage(3, LogLevel.Warning, "Engine {Host} ({Engine}) can't start")]
        public static partial void StartFailed(ILogger logger, Exception exception, EngineId engine, string host);

        [LoggerMessage(4, LogLevel.Warning, "Engine {Host} ({Engine}) waits for its runtime")]
        public static partial void Waits(ILogger logger, Exception exception, EngineId engine, string host);
    }
}
