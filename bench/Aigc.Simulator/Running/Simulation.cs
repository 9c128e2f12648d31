using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Simulator.Policies;
using Aigc.Simulator.Reporting;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Running;

/// <summary>A trace under a policy: people's visits, and who is put to sleep when.</summary>
internal sealed class Simulation
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>How often all engines are looked at, at most.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    private readonly Policy _policy;
    private readonly Agenda _agenda;
    private readonly List<Seat> _seats;
    private readonly Outcome _outcome;
    private readonly Room _room;
    private readonly WarmShelves _shelves;
    private readonly Machines _machines;
    private DateTimeOffset _hurriedAt = DateTimeOffset.MinValue;

    private Simulation(Trace trace, Policy policy)
    {
        var queue = new PoolAdmission(policy.Pools, _ => 1, Studio.Overtaking);
        (_policy, _agenda) = (policy, new(trace.Begin));
        _seats = [.. trace.Artists.Select(artist => new Seat(artist, trace.Begin))];
        _outcome = new(policy.Name, HabitWakes.Learned(trace), new(queue, policy.Pools, trace.Artists.Select(artist => artist.Group).Distinct().Count()));
        _room = new(queue, policy.Pools);
        _shelves = new(_agenda, queue, _room, _outcome, policy.IsWarm ? trace.Artists.Select(artist => artist.Kind).Distinct() : [], trace.Zone);
        _machines = new(_agenda, queue, _shelves, _outcome) { BecameReady = BecameReady, SomebodyWaits = HurryAll };
        _shelves.MadeRoom = _machines.Serve;
    }

    public static Outcome Run(Trace trace, Policy policy)
    {
        var simulation = new Simulation(trace, policy);
        foreach (var seat in simulation._seats)
            simulation.Plan(seat, 0);
        simulation.Tick();
        if (policy.WakesByHabit)
            new HabitWakes(simulation._agenda, simulation._room, simulation._seats, trace, seat => simulation.Wake(seat, new(Reasons.Habit))).Plan();
        simulation._agenda.RunUntil(trace.End, simulation._outcome.Shares.Pass);
        simulation._machines.Close(simulation._seats);
        simulation._shelves.Close();
        return simulation._outcome;
    }

    private void Plan(Seat seat, int next)
    {
        var uses = seat.Artist.Uses;
        if (next == uses.Count)
            return;
        _agenda.At(uses[next].At, () =>
        {
            Plan(seat, next + 1);
            Visit(seat, uses[next]);
        });
    }

    private void Visit(Seat seat, Use use)
    {
        if (seat.Request(use, _agenda.Now))
            _outcome.Comings.Came(_agenda.Now, seat.IsReady);
        if (seat.IsReady)
        {
            Look(seat);
            return;
        }

        seat.VisitedAt ??= _agenda.Now;
        Wake(seat, new(Reasons.Visit));
    }

    private void Wake(Seat seat, Reason reason)
    {
        var engine = seat.Engine with { LastVisit = _agenda.Now };
        seat.Engine = engine.Desired == Desired.Awake
            ? engine
            : engine with { Desired = Desired.Awake, DesiredReason = reason, AskedAt = _agenda.Now, Generation = engine.Generation + 1 };
        _machines.Reconcile(seat);
    }

    private void BecameReady(Seat seat)
    {
        if (seat.VisitedAt is { } visited)
        {
            var begins = Agenda.Later(seat.Compute!.GrantedAt, visited);
            _outcome.Woke(_agenda.Now - begins, begins - visited);
            seat.VisitedAt = null;
        }

        seat.CatchUp(_agenda.Now);
        Look(seat);
    }

    /// <summary>Whether it may sleep; else plans when to look again.</summary>
    private void Look(Seat seat)
    {
        if (seat is not { IsReady: true, Engine.Desired: Desired.Awake })
            return;
        var sleepsAt = _policy.SleepsAt(seat.Usage(_agenda.Now) with { IsWaitedFor = _room.IsScarce }, _room.Share, _agenda.Now);
        if (sleepsAt <= _agenda.Now)
        {
            Sleep(seat);
            return;
        }

        var lookAt = sleepsAt ?? seat.WorksUntil;
        if (lookAt is not { } at || at <= _agenda.Now || seat.LookAt <= at)
            return;
        seat.LookAt = at;
        _agenda.At(at, () =>
        {
            if (seat.LookAt != at)
                return;
            seat.LookAt = null;
            Look(seat);
        });
    }

    private void Sleep(Seat seat)
    {
        _outcome.Lost(seat.Interrupt(_agenda.Now));
        seat.Engine = seat.Engine with { Desired = Desired.Asleep, DesiredReason = new(Reasons.Idle), Generation = seat.Engine.Generation + 1 };
        _machines.Reconcile(seat);
    }

    private void Tick()
    {
        _agenda.At(_agenda.Now + Minute, Tick);
        _shelves.Fill();
        HurryAll();
        if (!_policy.WakesAll(_agenda.Now))
            return;
        foreach (var seat in _seats.Where(seat => seat.Engine.Desired != Desired.Awake))
            Wake(seat, new(Reasons.WakeAsked));
    }

    /// <summary>While cards are scarce, some may sleep sooner than when they were looked at last.</summary>
    private void HurryAll()
    {
        if (_room.Share >= _policy.ScarceBelow || _agenda.Now < _hurriedAt + Sweep)
            return;
        _hurriedAt = _agenda.Now;
        foreach (var seat in _seats)
            Look(seat);
    }
}
