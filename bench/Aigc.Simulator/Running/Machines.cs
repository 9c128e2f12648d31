using System.Diagnostics;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;
using Aigc.Simulator.Reporting;

namespace Aigc.Simulator.Running;

/// <summary>Gives engines compute and takes it back, as the worker does: observe, ask <see cref="Reconciler.Next"/>, note, do the step.</summary>
internal sealed class Machines(Agenda agenda, PoolAdmission queue, WarmShelves shelves, Outcome outcome)
{
    private static readonly Template Template = new() { Name = "engine", Title = new(""), Description = new(""), Version = "1" };

    private readonly Dictionary<EngineId, Seat> _waiting = [];

    /// <summary>Told when an engine has become ready.</summary>
    public Action<Seat> BecameReady { get; set; } = _ => { };

    /// <summary>Told when not all could be given what they wait for.</summary>
    public Action SomebodyWaits { get; set; } = () => { };

    public void Reconcile(Seat seat)
    {
        while (true)
        {
            if (seat is { Compute: null, Asked: false, Engine.Desired: Desired.Awake })
                Ask(seat);
            var decision = Reconciler.Next(seat.Engine, Observe(seat), Template, agenda.Now);
            var becomesReady = decision.State == EngineState.Ready && !seat.IsReady;
            seat.Become(decision.State, decision.Reason, agenda.Now);
            if (becomesReady)
            {
                queue.Started(seat.Engine.Id);
                BecameReady(seat);
                return;
            }

            switch (decision.Step)
            {
                case Step.Start:
                    Start(seat, seat.Compute!);
                    break;
                case Step.Stop:
                    Stop(seat, seat.Compute!);
                    break;
                case Step.Release:
                    Release(seat, seat.Compute!);
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Gives what is free to who waits for it.</summary>
    public void Serve()
    {
        foreach (var grant in queue.Serve(agenda.Now))
        {
            if (!_waiting.Remove(grant.Engine, out var seat))
                throw new UnreachableException("granted to an engine that did not wait");
            outcome.Shares.WaitsNoMore(grant.Group, grant.Gpus);
            (seat.Asked, seat.Compute) = (false, new(grant, agenda.Now, agenda.Now + Studio.Boot));
            agenda.At(agenda.Now, () => Reconcile(seat));
        }

        if (queue.Waiting == 0)
            return;
        shelves.MakeRoom(_waiting.Values.Sum(seat => seat.Artist.Kind.Eighths));
        agenda.At(agenda.Now, SomebodyWaits);
    }

    /// <summary>The month is over: what still runs is counted until now.</summary>
    public void Close(IEnumerable<Seat> seats)
    {
        foreach (var seat in seats)
        {
            if (seat.Compute is { } compute)
                Count(seat, compute);
        }
    }

    private static Observed Observe(Seat seat) => seat.Compute is { } compute
        ? new(compute.Phase, compute.PhaseSince, compute.Generation, EverReady: compute.EverReady)
        : new(ComputePhase.None, default, Place: seat.Asked ? 1 : 0);

    private void Ask(Seat seat)
    {
        var kind = seat.Artist.Kind;
        if (shelves.Take(kind) is { } warm)
        {
            var grant = warm.Grant with { Engine = seat.Engine.Id, Group = seat.Engine.Group };
            queue.Adopt(grant);
            seat.Compute = new(grant, agenda.Now, Agenda.Later(warm.ReadyAt, agenda.Now) + Studio.Attach);
            return;
        }

        seat.Asked = true;
        _waiting.Add(seat.Engine.Id, seat);
        outcome.Shares.Waits(seat.Engine.Group, kind.Gpus);
        queue.Ask(new(seat.Engine.Id, seat.Engine.Group, new Dictionary<string, long> { [Studio.Resource] = kind.Eighths }), agenda.Now);
        Serve();
    }

    private void Start(Seat seat, Compute compute)
    {
        (compute.Phase, compute.PhaseSince, compute.Generation) = (ComputePhase.Running, agenda.Now, seat.Engine.Generation);
        agenda.At(compute.ReadyAt, () =>
        {
            compute.EverReady = true;
            Reconcile(seat);
        });
        shelves.Fill();
    }

    private void Stop(Seat seat, Compute compute)
    {
        (compute.Phase, compute.PhaseSince) = (ComputePhase.Stopping, agenda.Now);
        agenda.At(agenda.Now + Studio.Stop, () =>
        {
            (compute.Phase, compute.PhaseSince) = (ComputePhase.Exited, agenda.Now);
            Reconcile(seat);
        });
    }

    private void Release(Seat seat, Compute compute)
    {
        Count(seat, compute);
        seat.Compute = null;
        queue.Release(seat.Engine.Id);
        Serve();
    }

    private void Count(Seat seat, Compute compute) => outcome.Used(compute.Grant, seat.Artist, compute.GrantedAt, agenda.Now, seat.Sessions[^1]);
}
