using Aigc.Engines.Ahead;
using Aigc.Simulator.Policies;
using Aigc.Simulator.Reporting;
using Aigc.Simulator.Running;
using Aigc.Simulator.Traces;

namespace Aigc.Engines.Tests.Simulating;

/// <summary>What engines that are woken before their owners come save, and what they hold for it.</summary>
public sealed class HabitWakesTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Nine = TimeSpan.FromHours(9);
    private static readonly EngineKind Half = new("comfyui", 4);

    private static readonly TimeSpan InVain = Habit.Patience + Studio.Stop;

    [Fact]
    public void Who_comes_as_always_does_not_wait_and_what_was_held_meanwhile_is_counted()
    {
        var (habit, without) = (Run("ours-habit", ComesAt(Nine)), Run("ours-not-warm", ComesAt(Nine)));
        (habit.WakeWait.Count, without.WakeWait.Count).ShouldBe((4, 5), "waking early is nobody's visit");
        (habit.Comings.Count, habit.Comings.Ready).ShouldBe((2, 1));
        (without.Comings.Count, without.Comings.Ready).ShouldBe((2, 0));
        (habit.Comings.Early, habit.Comings.InVain).ShouldBe((2, 1));
        habit.Comings.GpuHours.ShouldBe(Half.Gpus * (Habit.Lead + InVain).TotalHours, 1e-3);
        habit.Comings.Cost.ShouldBe(habit.Comings.GpuHours * 0.9, 1e-3);
        (habit.GpuHours - without.GpuHours).ShouldBe(habit.Comings.GpuHours - (Half.Gpus * Studio.Boot.TotalHours), 1e-3, "whoever waits for a boot holds it as well");
    }

    [Fact]
    public void What_was_woken_for_nobody_sleeps_once_nobody_is_expected_any_more()
    {
        var inVain = Run("ours-habit", ComesAt(Nine)).Uses[^2];
        inVain.StartedAt.ShouldBe(Monday.AddDays(28) + Nine - Habit.Lead);
        (inVain.EndedAt - inVain.StartedAt).ShouldBe(InVain);
    }

    [Fact]
    public void Who_comes_while_it_starts_waits_for_the_rest_alone()
    {
        var early = TimeSpan.FromSeconds(10);
        var outcome = Run("ours-habit", ComesAt(Nine - Habit.Lead + early));
        outcome.Comings.Ready.ShouldBe(0);
        (outcome.WakeWait.Count, outcome.WakeWait.At(0)).ShouldBe((5, Studio.Boot - early));
    }

    [Fact]
    public void Nobody_is_expected_while_people_wait_for_cards()
    {
        var cards = (int)Studio.Pools.Sum(pool => pool.GpusOf(pool.Capacity));
        var use = new Use(Monday.AddDays(21) + Nine - TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.Zero);
        var others = Enumerable.Range(0, cards + 1).Select(index => new Artist($"other-{index}", "others", new("training", 8), [use]));
        var outcome = Run("ours-habit", [ComesAt(Nine), .. others]);
        outcome.Comings.Early.ShouldBe(1, "the Monday after");
        outcome.LostJobs.ShouldBe(0);
    }

    [Fact]
    public void An_engine_that_is_still_expecting_somebody_makes_room_for_who_has_come()
    {
        var cards = (int)Studio.Pools.Sum(pool => pool.GpusOf(pool.Capacity));
        var use = new Use(Monday.AddDays(28) + Nine, TimeSpan.FromHours(3), TimeSpan.Zero);
        var others = Enumerable.Range(0, cards).Select(index => new Artist($"other-{index}", "others", new("training", 8), [use]));
        var outcome = Run("ours-habit", [ComesAt(Nine), .. others]);
        outcome.Comings.InVain.ShouldBe(1);
        outcome.QueueWait.At(1).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    /// <summary>On three Mondays at nine, then at this time, then in the afternoon.</summary>
    private static Artist ComesAt(TimeSpan fourth) => new(
        "alice", "film", Half,
        [.. new[] { Nine, Nine, Nine, fourth, TimeSpan.FromHours(14) }.Select((at, week) => new Use(Monday.AddDays(7 * week) + at, TimeSpan.FromMinutes(1), TimeSpan.Zero))]);

    private static Outcome Run(string policy, params IReadOnlyList<Artist> artists) => Simulation.Run(
        new(artists, Monday, Monday.AddDays(31), TimeZoneInfo.Utc), PolicyList.For(TimeZoneInfo.Utc).Single(one => one.Name == policy));
}
