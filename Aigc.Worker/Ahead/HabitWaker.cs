using Aigc.Engines.Ahead;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Aigc.Worker.Leading;
using Aigc.Worker.Reconciling;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Ahead;

/// <summary>Wakes engines before their owners come, by their habits, as far as nobody else waits and the day's GPU-hours allow.</summary>
public sealed partial class HabitWaker(
    EngineStore engines, TemplateStore templates, HabitStore habits, Allocator pools, Term term, IOptions<StudioOptions> studio, TimeProvider time, ILogger<HabitWaker> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What a worker that was away has missed by more is missed.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    /// <summary>For its turn among those that start.</summary>
    private static readonly TimeSpan QueuePatience = TimeSpan.FromMinutes(2);

    private readonly PriorityQueue<EngineId, DateTimeOffset> _plan = new();
    private IReadOnlyDictionary<EngineId, long> _sizes = new Dictionary<EngineId, long>();
    private DateOnly _day;

    private TimeZoneInfo Zone => studio.Value.Zone;

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => studio.Value.PreWakeGpuHours > 0
        ? Rounds.RunAsync(Interval, time, WakeAsync, NoteFailure, cancellationToken, atOnce: true)
        : Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    internal async Task WakeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await GiveWayAsync(now, cancellationToken);
        if (Days.Of(now, Zone) is var today && today != _day)
            await PlanAsync(today, now, cancellationToken);
        while (_plan.TryPeek(out var engine, out var at) && at <= now)
        {
            _plan.Dequeue();
            if (now - at <= Late)
                await WakeAsync(engine, now, cancellationToken);
        }
    }

    /// <summary>Once a day: a day's comings count from the next on.</summary>
    private async Task PlanAsync(DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Habit.Memory;
        _sizes = await habits.SizesAsync(since, cancellationToken);
        _plan.Clear();
        await foreach (var (engine, sessions) in habits.ListAsync(since, cancellationToken))
        {
            foreach (var at in Habit.On(day, Habit.Comings(sessions), Zone))
                _plan.Enqueue(engine, at);
        }

        _day = day;
        Log.Planned(logger, _plan.Count, day);
    }

    private async Task WakeAsync(EngineId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (pools.IsScarce)
            return;
        var engine = await engines.FindAsync(id, cancellationToken);
        if (engine is not { PreWake: true, State: EngineState.Asleep, Desired: Desired.Asleep } || now - engine.StateSince < Habit.Absence)
            return;
        if (await templates.FindAsync(engine.Template, cancellationToken) is null)
            return;
        if (await HeldAsync(now, cancellationToken) + Held(Habit.Patience, _sizes.GetValueOrDefault(id)) > studio.Value.PreWakeGpuHours)
        {
            Log.Spent(logger, engine.Host, studio.Value.PreWakeGpuHours);
            return;
        }

        try
        {
            await engines.WakeAsync(id, new(Reasons.Habit), retry: false, Actor.Gateway, cancellationToken);
        }
        catch (Exception exception) when (exception is TooManyAwakeException or QuotaUsedException)
        {
            Log.NotAllowed(logger, engine.Host, exception.Message);
        }
    }

    /// <summary>GPU-hours of the day until people came; of those for whom nobody has come yet, as much as they may take.</summary>
    private async Task<double> HeldAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var early = await habits.ListEarlyAsync(Days.BeginOf(Days.Of(now, Zone), Zone), cancellationToken);
        var onTheWay = (await engines.ListWokenByHabitAsync(cancellationToken)).Where(engine => engine.State == EngineState.Asleep);
        return onTheWay.Sum(engine => Held(Habit.Patience, _sizes.GetValueOrDefault(engine.Id))) + early.Sum(session =>
        {
            var until = session.CameAt ?? session.EndedAt ?? session.StartedAt + Habit.Patience;
            return Held(until - session.StartedAt, session.MilliGpus > 0 ? session.MilliGpus : _sizes.GetValueOrDefault(session.Engine));
        });
    }

    /// <summary>What takes no cards counts as one.</summary>
    private static double Held(TimeSpan time, long milliGpus) => time.TotalHours * (milliGpus > 0 ? milliGpus / 1000.0 : 1);

    /// <summary>People come first: what waits for room in vain sleeps on.</summary>
    private async Task GiveWayAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var engine in await engines.ListWokenByHabitAsync(cancellationToken))
        {
            if (engine.State == EngineState.Queued && (pools.IsScarce || now - engine.AskedAt > QueuePatience))
                await engines.SleepIfIdleAsync(engine, new(Reasons.NoRoomAhead), term, cancellationToken);
        }
    }

    private void NoteFailure(Exception exception, bool again)
    {
        if (!again)
            Log.Failed(logger, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "No engine is woken ahead of its owner for the moment")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "{Count} engines are expected to be visited on {Day}")]
        public static partial void Planned(ILogger logger, int count, DateOnly day);

        [LoggerMessage(3, LogLevel.Information, "Engine {Host} is not woken ahead of its owner: the {Hours} GPU-hours of the day are used")]
        public static partial void Spent(ILogger logger, string host, double hours);

        [LoggerMessage(4, LogLevel.Debug, "Engine {Host} is not woken ahead of its owner: {Why}")]
        public static partial void NotAllowed(ILogger logger, string host, string why);
    }
}
