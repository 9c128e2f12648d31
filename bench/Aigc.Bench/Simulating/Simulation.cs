using System.Globalization;
using Aigc.Engines.Ahead;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.People;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;

namespace Aigc.Bench.Simulating;

/// <summary>A trace under a policy, by the product's own decisions on a clock that jumps from event to event.</summary>
internal sealed class Simulation
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly GroupId Nobody = new("warm");
    private static readonly Template Template = new() { Name = "engine", Title = new(""), Description = new(""), Version = "1" };

    private readonly Trace _trace;
    private readonly Policy _policy;
    private readonly PriorityQueue<Event, long> _events = new();
    private readonly PoolAdmission _queue = new(Studio.Pools, _ => 1, TimeSpan.FromMinutes(2));
    private readonly Dictionary<EngineId, Seat> _seats;
    private readonly Dictionary<string, WarmShelf> _shelves;
    private readonly Outcome _outcome;
    private long _computes;
    private DateTimeOffset _now;

    private enum What { Use, Ready, Stopped, Look, Tick }

    private readonly record struct Event(What What, Seat? Seat);

    private Simulation(Trace trace, Policy policy)
    {
        (_trace, _policy, _now, _outcome) = (trace, policy, trace.Begin, new(policy.Name));
        _seats = trace.Artists.Select(artist => new Seat(artist, trace.Begin)).ToDictionary(seat => seat.Engine.Id);
        _shelves = trace.Artists.Select(artist => artist.Kind).DistinctBy(kind => kind.Template).ToDictionary(kind => kind.Template, kind => new WarmShelf(kind), StringComparer.Ordinal);
    }

    public static Outcome Run(Trace trace, Policy policy) => new Simulation(trace, policy).Run();

    private Outcome Run()
    {
        foreach (var seat in _seats.Values.Where(seat => seat.Artist.Uses.Count > 0))
            At(seat.Artist.Uses[0].At, What.Use, seat);
        At(_trace.Begin, What.Tick, null);
        while (_events.TryDequeue(out var next, out var ticks) && ticks < _trace.End.UtcTicks)
        {
            _now = new(ticks, TimeSpan.Zero);
            Handle(next);
        }

        _now = _trace.End;
        foreach (var seat in _seats.Values.Where(seat => seat.Phase != ComputePhase.None))
            Meter(seat);
        foreach (var shelf in _shelves.Values)
            Drop(shelf, shelf.Count);
        return _outcome;
    }

    private void At(DateTimeOffset when, What what, Seat? seat) => _events.Enqueue(new(what, seat), (when < _now ? _now : when).UtcTicks);

    private void Handle(Event next)
    {
        switch (next.What)
        {
            case What.Use:
                UseIt(next.Seat!);
                break;
            case What.Ready when next.Seat!.Phase == ComputePhase.Running && next.Seat.ReadyAt <= _now:
                next.Seat.EverReady = true;
                Reconcile(next.Seat);
                break;
            case What.Stopped:
                (next.Seat!.Phase, next.Seat.PhaseSince) = (ComputePhase.Exited, _now);
                Reconcile(next.Seat);
                break;
            case What.Look when next.Seat!.LookAt <= _now:
                next.Seat.LookAt = null;
                Look(next.Seat);
                break;
            case What.Tick:
                Tick();
                break;
        }
    }

    private void UseIt(Seat seat)
    {
        var use = seat.Artist.Uses[seat.Next++];
        if (seat.Next < seat.Artist.Uses.Count)
            At(seat.Artist.Uses[seat.Next].At, What.Use, seat);
        var last = seat.WorksUntil > (seat.LastActivity ?? default) ? seat.WorksUntil : seat.LastActivity ?? default;
        var arrival = _now - last >= Studio.Pause && seat.Visit is null;
        if (arrival && _policy.IsWarm)
            _shelves[seat.Artist.Kind.Template].Forecast.Arrived(_now);
        seat.LastActivity = _now;
        if (seat.Engine.State == EngineState.Ready)
        {
            if (arrival)
                _outcome.Waited(TimeSpan.Zero, TimeSpan.Zero);
            seat.WorksUntil = Later(seat.WorksUntil, _now) + use.Work;
            Look(seat);
            return;
        }

        seat.Visit ??= (_now, arrival);
        seat.Owed += use.Work;
        Wake(seat, new(Reasons.Visit));
    }

    private void Wake(Seat seat, Reason reason)
    {
        if (seat.Engine.Desired != Desired.Awake)
            seat.Engine = seat.Engine with { Desired = Desired.Awake, DesiredReason = reason, Generation = seat.Engine.Generation + 1 };
        seat.Engine = seat.Engine with { LastVisit = _now };
        Reconcile(seat);
    }

    private void Sleep(Seat seat)
    {
        if (seat.WorksUntil > _now)
            _outcome.Lost(seat.WorksUntil - _now);
        seat.WorksUntil = seat.WorksUntil < _now ? seat.WorksUntil : _now;
        seat.Engine = seat.Engine with { Desired = Desired.Asleep, DesiredReason = new(Reasons.Idle), Generation = seat.Engine.Generation + 1 };
        Reconcile(seat);
    }

    /// <summary>Whether it may sleep; else when to look again.</summary>
    private void Look(Seat seat)
    {
        if (seat.Engine is not { State: EngineState.Ready, Desired: Desired.Awake })
            return;
        var sleepsAt = _policy.SleepsAt(seat.Usage(_now), _now);
        if (sleepsAt <= _now)
        {
            Sleep(seat);
            return;
        }

        var look = sleepsAt ?? seat.WorksUntil;
        if (seat.LookAt is { } planned && planned <= look)
            return;
        seat.LookAt = look;
        At(look, What.Look, seat);
    }

    /// <summary>As the worker does: observe, ask <see cref="Reconciler.Next"/>, note, do the step.</summary>
    private void Reconcile(Seat seat)
    {
        while (true)
        {
            if (seat is { Phase: ComputePhase.None, Grant: null, Asked: false, Engine.Desired: Desired.Awake })
                Ask(seat);
            var observed = new Observed(
                seat.Phase, seat.PhaseSince, seat.ComputeGeneration, EverReady: seat.EverReady, Place: seat is { Grant: null, Engine.Desired: Desired.Awake } ? 1 : 0);
            var decision = Reconciler.Next(seat.Engine, observed, Template, _now);
            var becomesReady = decision.State == EngineState.Ready && seat.Engine.State != EngineState.Ready;
            seat.Engine = seat.Engine with
            {
                State = decision.State,
                Reason = decision.Reason,
                ObservedGeneration = seat.Engine.Generation,
                ReadyAt = decision.State != EngineState.Ready ? null : becomesReady ? _now : seat.Engine.ReadyAt,
            };
            if (becomesReady)
                Ready(seat);
            switch (decision.Step)
            {
                case Step.Start:
                    Start(seat);
                    break;
                case Step.Stop:
                    (seat.Phase, seat.PhaseSince) = (ComputePhase.Stopping, _now);
                    At(_now + Studio.Stop, What.Stopped, seat);
                    break;
                case Step.Release:
                    Meter(seat);
                    (seat.Phase, seat.EverReady, seat.Grant) = (ComputePhase.None, false, null);
                    _queue.Release(seat.Engine.Id);
                    Serve();
                    break;
                default:
                    return;
            }
        }
    }

    private void Ask(Seat seat)
    {
        seat.GrantedAt = default;
        var shelf = _shelves[seat.Artist.Kind.Template];
        if (shelf.Count > 0 && _queue.Waiting == 0)
        {
            // Somebody else has started it already.
            var warm = shelf.Take();
            _queue.Release(warm.Grant.Engine);
            seat.Grant = warm.Grant with { Engine = seat.Engine.Id, Group = seat.Engine.Group };
            _queue.Adopt(seat.Grant);
            (seat.GrantedAt, seat.StartedAt, seat.ReadyAt) = (_now, warm.StartedAt, Later(warm.ReadyAt, _now) + Studio.Attach);
            return;
        }

        seat.Asked = true;
        _queue.Ask(new(seat.Engine.Id, seat.Engine.Group, new Dictionary<string, long> { [Studio.Resource] = seat.Artist.Kind.Units }), _now);
        Serve(except: seat);
    }

    private void Serve(Seat? except = null)
    {
        var served = _queue.Serve(_now);
        if (_queue.Waiting > 0 && _shelves.Values.Sum(shelf => shelf.Count) > 0)
        {
            // People go before what waits for nobody.
            foreach (var shelf in _shelves.Values)
                Drop(shelf, shelf.Count);
            served = [.. served, .. _queue.Serve(_now)];
        }

        foreach (var grant in served)
        {
            var seat = _seats[grant.Engine];
            (seat.Grant, seat.GrantedAt, seat.Asked) = (grant, _now, false);
            (seat.StartedAt, seat.ReadyAt) = (_now, _now + Studio.Boot);
            if (seat != except)
                Reconcile(seat);
        }
    }

    private void Start(Seat seat)
    {
        (seat.Phase, seat.PhaseSince, seat.ComputeGeneration) = (ComputePhase.Running, _now, seat.Engine.Generation);
        At(seat.ReadyAt, What.Ready, seat);
        if (_policy.IsWarm)
            Fill(_shelves[seat.Artist.Kind.Template]);
    }

    private void Ready(Seat seat)
    {
        if (seat.Visit is { } visit)
        {
            if (visit.Arrival)
                _outcome.Waited(_now - Later(seat.GrantedAt, visit.At), Later(seat.GrantedAt, visit.At) - visit.At);
            seat.Visit = null;
        }

        seat.WorksUntil = Later(seat.WorksUntil, _now) + seat.Owed;
        seat.Owed = TimeSpan.Zero;
        _queue.Started(seat.Engine.Id);
        Look(seat);
    }

    private void Meter(Seat seat) => Meter(seat.Grant!, seat.Engine.Owner, seat.Artist.Kind.Template, seat.StartedAt);

    private void Meter(PoolGrant grant, UserId owner, string template, DateTimeOffset since) => _outcome.Used(new(
        (++_computes).ToString(CultureInfo.InvariantCulture), grant.Engine, owner, grant.Group, template, "1", grant.Pool.Name, (long)(grant.Gpus * 1000), since, _now));

    private void Tick()
    {
        if (_now + Minute < _trace.End)
            At(_now + Minute, What.Tick, null);
        if (_policy.IsWarm)
        {
            foreach (var shelf in _shelves.Values)
                Fill(shelf);
        }

        if (_policy.Schedule is { } schedule && _now.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && _now.TimeOfDay == TimeSpan.FromHours(schedule.From))
        {
            foreach (var seat in _seats.Values)
                Wake(seat, new(Reasons.WakeAsked));
        }

        if (_queue.Waiting > 0)
            _outcome.Shares(_queue, _seats.Values);
    }

    private void Fill(WarmShelf shelf)
    {
        var wanted = shelf.Wanted(_now);
        if (shelf.Count > wanted)
            Drop(shelf, shelf.Count - wanted);
        while (shelf.Count < wanted && _queue.Waiting == 0 && Studio.Pools.FirstOrDefault(pool => _queue.FreeIn(pool) >= shelf.Kind.Units) is { } pool)
        {
            var grant = new PoolGrant(EngineId.New(), Nobody, pool, shelf.Kind.Units);
            _queue.Adopt(grant);
            shelf.Add(new(grant, _now, _now + Studio.Boot));
        }
    }

    private void Drop(WarmShelf shelf, int count)
    {
        for (; count > 0; count--)
        {
            var warm = shelf.TakeNewest();
            Meter(warm.Grant, new("nobody"), shelf.Kind.Template, warm.StartedAt);
            _queue.Release(warm.Grant.Engine);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
