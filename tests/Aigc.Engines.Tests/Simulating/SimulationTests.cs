using Aigc.Engines.Metering;
using Aigc.Simulator.Policies;
using Aigc.Simulator.Reporting;
using Aigc.Simulator.Running;
using Aigc.Simulator.Traces;

namespace Aigc.Engines.Tests.Simulating;

/// <summary>What the comparison of policies rests on.</summary>
public sealed class SimulationTests
{
    private const int Artists = 6;
    private static readonly Trace Month = new TraceModel(seed: 1).Make(Artists);

    public static TheoryData<string> Policies => [.. PolicyList.For(TimeZoneInfo.Utc).Select(policy => policy.Name)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Under_every_policy_what_engines_had_tiles_and_costs_what_it_took(string policy)
    {
        var outcome = Run(policy);
        outcome.Uses.ShouldNotBeEmpty();
        foreach (var engine in outcome.Uses.GroupBy(use => use.Engine))
        {
            var uses = engine.OrderBy(use => use.StartedAt).ToList();
            uses.ShouldAllBe(use => use.StartedAt >= Month.Begin && use.EndedAt <= Month.End && use.StartedAt <= use.EndedAt);
            uses.Zip(uses.Skip(1)).ShouldAllBe(pair => pair.First.EndedAt <= pair.Second.StartedAt, "never two at once");
        }

        outcome.GpuHours.ShouldBe(outcome.Uses.Sum(use => use.MilliGpus * (use.EndedAt - use.StartedAt).TotalHours / 1000), 1e-3);
        outcome.Cost.ShouldBe(outcome.Uses.Sum(use => Costs.LinesOf(use, Studio.PricesOf(use.Pool), TimeZoneInfo.Utc).Sum(line => line.Micros)) / 1e6, 1e-6);
    }

    [Fact]
    public void Nobody_who_works_is_put_to_sleep_and_far_less_is_used_than_by_engines_that_are_always_on()
    {
        var (ours, always, culled) = (Run(PolicyList.Ours), Run("always-on"), Run("cull-1h"));
        ours.LostJobs.ShouldBe(0);
        culled.LostJobs.ShouldBeGreaterThan(0, "work that outlasts its browser by an hour is in the trace, and can be lost");
        always.GpuHours.ShouldBe(Month.Artists.Sum(artist => artist.Kind.Gpus) * (Month.End - Month.Begin).TotalHours, 1e-3);
        ours.GpuHours.ShouldBeLessThan(0.35 * always.GpuHours);
        ours.GpuHours.ShouldBeGreaterThan(Oracle.GpuHours(Month, Oracle.Pause), "nobody knows the future");
    }

    [Theory]
    [InlineData(PolicyList.Ours)]
    [InlineData(PolicyList.ByHabit)]
    public void The_same_seed_gives_the_same_figures_and_another_one_others(string policy)
    {
        var (once, again) = (Run(policy), Simulation.Run(new TraceModel(seed: 1).Make(Artists), PolicyNamed(policy)));
        Figures(again).ShouldBe(Figures(once));
        Figures(Simulation.Run(new TraceModel(seed: 2).Make(Artists), PolicyNamed(policy))).ShouldNotBe(Figures(once));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Under_every_policy_the_same_people_come_and_only_by_habit_is_anybody_expected(string policy)
    {
        var comings = Run(policy).Comings;
        comings.Count.ShouldBe(Run("always-on").Comings.Ready);
        (comings.Early > 0).ShouldBe(policy == PolicyList.ByHabit);
        (comings.GpuHours > 0).ShouldBe(policy == PolicyList.ByHabit);
    }

    private static Outcome Run(string policy) => Simulation.Run(Month, PolicyNamed(policy));

    private static Policy PolicyNamed(string name) => PolicyList.For(TimeZoneInfo.Utc).Single(policy => policy.Name == name);

    private static object Figures(Outcome of) =>
        (of.GpuHours, of.Cost, of.LostWork, of.WakeWait.Count, of.WakeWait.At(0.95), of.QueueWait.At(0.99), of.Shares.Least, of.Uses.Count,
            of.Comings.Count, of.Comings.Ready, of.Comings.Early, of.Comings.InVain, of.Comings.GpuHours, of.Comings.Cost);
}
