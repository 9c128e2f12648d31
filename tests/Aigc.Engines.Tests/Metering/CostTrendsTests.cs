using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;

namespace Aigc.Engines.Tests.Metering;

public sealed class CostTrendsTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DateTimeOffset Noon = new(2026, 3, 27, 12, 0, 0, TimeSpan.FromHours(1));

    [Fact]
    public void Use_and_what_was_saved_are_told_day_by_day_also_when_clocks_are_set()
    {
        var engine = EngineId.New();
        var trends = new CostTrends(new(2026, 3, 27), new(2026, 4, 5), Zone, now: Noon.AddDays(3).AddHours(-1));
        Add(trends, engine, Noon, hours: 2, milli: 500);
        Add(trends, EngineId.New(), Noon.AddMinutes(30), hours: 1, milli: 4000);
        var days = trends.Read();
        // Friday from noon, Saturday, Sunday of 23 hours, Monday until noon.
        days.Select(day => Math.Round(day.AlwaysOnHours, 6)).ShouldBe([23.5, 48, 46, 24]);
        days.Select(day => day.SavedHours).Sum().ShouldBe(23.5 + 48 + 46 + 24 - 3, 1e-9);
        days[0].MeanGpus.ShouldBe(5.0 / 24, 1e-9);
        days[0].BusiestGpus.ShouldBe(2.5, "half a card, and four for half an hour");
    }

    [Fact]
    public async Task Waits_are_told_by_the_day_on_which_engines_became_ready()
    {
        var (one, two) = (EngineId.New(), EngineId.New());
        StateChange[] changes =
        [
            At(one, 0, EngineState.Queued), At(two, 1, EngineState.Starting), At(one, 5, EngineState.Queued), At(one, 20, EngineState.Starting),
            At(two, 11, EngineState.Ready), At(one, 50, EngineState.Ready),
            // Woken, and given up while it started: no wait that anybody got through.
            At(one, 100, EngineState.Asleep), At(one, 101, EngineState.Starting), At(one, 400, EngineState.Failed), At(one, 500, EngineState.Ready),
            // Woken ahead: nobody waited.
            At(two, 600, EngineState.Asleep, Reasons.Habit), At(two, 601, EngineState.Starting), At(two, 900, EngineState.Ready),
        ];
        var day = (await StartWaits.ByDayAsync(changes.ToAsyncEnumerable(), Zone)).ShouldHaveSingleItem();
        day.ShouldBe(new(new(2026, 3, 27), 2, TimeSpan.Zero, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)));
    }

    private static StateChange At(EngineId engine, int second, EngineState state, string why = Reasons.Ready) => new(engine, Noon.AddSeconds(second), state, why);

    private static void Add(CostTrends trends, EngineId engine, DateTimeOffset from, int hours, long milli)
    {
        var use = new ComputeUse($"{engine}", engine, new("alice"), new("studio"), "demo", "1", "", milli, from, from.AddHours(hours));
        foreach (var line in Costs.LinesOf(use, PriceList.Free, Zone))
            trends.Add(Charge.Of(line, null, 0));
    }
}
