using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Lifecycle;

/// <summary>What a cluster may do to an engine ends in Ready, or in Failed with a reason, by its deadline.</summary>
public sealed class ClusterNextTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly Template Template = new() { Name = "t", Title = new("T"), Description = new("T"), Version = "1", StartTimeout = TimeSpan.FromMinutes(5) };
    private static readonly Reason NoRoom = new(Reasons.NoRoom, "not enough nvidia.com/gpu");

    [Fact]
    public void Without_a_machine_it_is_queued_and_says_what_is_short()
    {
        var decision = Next(Awake(), Pending(NoRoom, TimeSpan.FromMinutes(29)));
        (decision.Step, decision.State, decision.Reason).ShouldBe((Step.None, EngineState.Queued, NoRoom));
        decision.RequeueAfter.ShouldBe(TimeSpan.FromMinutes(1));
        Next(Awake(), Pending(null, TimeSpan.Zero)).Reason.Code.ShouldBe(Reasons.Placing);
    }

    [Fact]
    public void A_machine_that_never_comes_is_a_failure()
    {
        var decision = Next(Awake(), Pending(NoRoom, TimeSpan.FromMinutes(30)));
        (decision.Step, decision.State, decision.Reason).ShouldBe((Step.Stop, EngineState.Failed, NoRoom));
        Next(Awake(), Pending(null, TimeSpan.FromMinutes(30))).Reason.Code.ShouldBe(Reasons.NeverPlaced);
    }

    [Fact]
    public void What_can_not_go_on_stops_at_once()
    {
        var refused = new Reason(Reasons.ClusterRefused, "denied");
        foreach (var phase in new[] { ComputePhase.Pending, ComputePhase.Running })
        {
            var decision = Next(Awake(), new(phase, Now, Generation: 3, Failure: refused));
            (decision.Step, decision.State, decision.Reason).ShouldBe((Step.Stop, EngineState.Failed, refused));
        }
    }

    [Fact]
    public void An_image_that_does_not_come_is_waited_for_until_the_start_timeout()
    {
        var waiting = new Reason(Reasons.ImageMissing, "my/engine");
        var early = Next(Awake(), new(ComputePhase.Running, Now - TimeSpan.FromMinutes(4), Generation: 3, Waiting: waiting));
        (early.Step, early.State, early.Reason).ShouldBe((Step.None, EngineState.Starting, waiting));
        early.RequeueAfter.ShouldBe(Reconciler.WaitingInterval);
        var late = Next(Awake(), new(ComputePhase.Running, Now - TimeSpan.FromMinutes(5), Generation: 3, Waiting: waiting));
        (late.Step, late.State, late.Reason).ShouldBe((Step.Stop, EngineState.Failed, waiting));
        Next(Awake(), new(ComputePhase.Running, Now - TimeSpan.FromMinutes(5), Generation: 3, Waiting: new(Reasons.Fetching))).Reason.Code.ShouldBe(Reasons.NeverFetched);
    }

    [Fact]
    public void Who_was_not_asked_since_the_start_timeout_is_asked_before_it_has_failed()
    {
        var late = new Observed(ComputePhase.Running, Now - TimeSpan.FromMinutes(9), Generation: 3, ProbedAt: Now - TimeSpan.FromMinutes(6));
        Next(Awake(), late).Step.ShouldBe(Step.Probe, "nobody could ask for minutes, and it may be ready");
        var asked = Next(Awake(), late with { ProbedAt = Now - TimeSpan.FromMinutes(4) });
        (asked.Step, asked.State, asked.Reason.Code).ShouldBe((Step.Stop, EngineState.Failed, Reasons.NeverListened));
    }

    [Fact]
    public void Memory_that_did_not_suffice_is_told_with_the_last_lines()
    {
        var decision = Next(Awake() with { State = EngineState.Starting }, new(ComputePhase.Exited, Now, Generation: 3, Detail: "137\nlast", Failure: new(Reasons.OutOfMemory)));
        (decision.Step, decision.State, decision.Reason).ShouldBe((Step.Release, EngineState.Failed, new(Reasons.OutOfMemory, "137\nlast")));
    }

    [Fact]
    public void One_that_was_displaced_says_so_and_starts_again_by_itself()
    {
        var decision = Next(Awake() with { State = EngineState.Ready }, new(ComputePhase.Stopping, Now, Generation: 3, Waiting: new(Reasons.Displaced)));
        (decision.Step, decision.State, decision.Reason.Code).ShouldBe((Step.None, EngineState.Stopping, Reasons.Displaced));
        // However short it was ready, and whoever missed its end.
        var ended = Next(Awake() with { State = EngineState.Ready, ReadyAt = Now }, new(ComputePhase.Exited, Now, Generation: 3, Waiting: new(Reasons.Displaced)));
        (ended.Step, ended.State).ShouldBe((Step.Release, EngineState.Starting));
    }

    [Fact]
    public void A_machine_that_is_gone_takes_the_engine_out_of_ready_and_brings_it_back_as_it_was()
    {
        var gone = new Reason(Reasons.MachineGone, "node-1");
        var ready = Awake() with { State = EngineState.Ready, ReadyAt = Now - TimeSpan.FromHours(1) };
        var running = new Observed(ComputePhase.Running, Now - TimeSpan.FromHours(1), Generation: 3, EverReady: true);
        var lost = Next(ready, running with { Waiting = gone });
        (lost.Step, lost.State, lost.Reason, lost.RequeueAfter).ShouldBe((Step.None, EngineState.Starting, gone, null));
        Next(ready with { State = EngineState.Starting, Reason = gone }, running).State.ShouldBe(EngineState.Ready);
    }

    [Fact]
    public void No_start_has_failed_as_long_as_its_machine_is_gone()
    {
        var lost = Next(Awake(), new(ComputePhase.Running, Now - TimeSpan.FromHours(1), Generation: 3, Waiting: new(Reasons.MachineGone, "node-1")));
        (lost.Step, lost.State).ShouldBe((Step.None, EngineState.Starting));
    }

    [Fact]
    public void An_engine_that_did_not_outlive_its_machines_absence_starts_again()
    {
        var engine = Awake() with { State = EngineState.Starting, Reason = new(Reasons.MachineGone, "node-1"), ReadyAt = Now - TimeSpan.FromHours(1) };
        var decision = Next(engine, new(ComputePhase.Exited, Now, Generation: 3, Detail: "255\n"));
        (decision.Step, decision.State, decision.Reason.Code).ShouldBe((Step.Release, EngineState.Starting, Reasons.CrashedRestarting));
    }

    [Fact]
    public void One_that_is_to_sleep_or_go_says_that_its_machine_is_gone()
    {
        var gone = new Reason(Reasons.MachineGone, "node-1");
        foreach (var (desired, state) in new[] { (Desired.Asleep, EngineState.Stopping), (Desired.Deleted, EngineState.Deleting) })
        {
            var engine = Awake() with { Desired = desired, DesiredReason = new(Reasons.SleepAsked) };
            Next(engine, new(ComputePhase.Running, Now, Generation: 3, EverReady: true, Waiting: gone)).Step.ShouldBe(Step.Stop);
            var stopping = Next(engine, new(ComputePhase.Stopping, Now, Generation: 3, Waiting: gone));
            (stopping.State, stopping.Reason).ShouldBe((state, gone));
        }
    }

    [Fact]
    public void Nobody_waits_for_a_machine_for_an_engine_that_is_to_sleep()
    {
        var engine = Awake() with { Desired = Desired.Asleep, DesiredReason = new(Reasons.SleepAsked) };
        Next(engine, Pending(NoRoom, TimeSpan.Zero)).Step.ShouldBe(Step.Stop);
    }

    private static Observed Pending(Reason? waiting, TimeSpan since) => new(ComputePhase.Pending, Now - since, Generation: 3, Waiting: waiting);

    private static Decision Next(Engine engine, Observed observed) => Reconciler.Next(engine, observed, Template, Now);

    private static Engine Awake() => new()
    {
        Id = new(new string('a', 32)),
        Owner = new("alice"),
        Group = new("studio"),
        Template = "t",
        TemplateVersion = "1",
        Host = "t-alice",
        Desired = Desired.Awake,
        DesiredReason = new(Reasons.Visit),
        Generation = 3,
        CreatedAt = Now,
        StateSince = Now,
    };
}
