using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc.Engines.Tests.Metering;

/// <summary>Money adds up to the last unit, however it is cut and grouped.</summary>
public sealed class CostsTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Zones = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/Santiago"];

    private sealed record Case(IReadOnlyList<ComputeUse> Uses, PriceList Prices, TimeZoneInfo Zone);

    private static readonly Gen<long> Moment = Gen.Choose(0, 60 * 24 * 60).Select(minutes => minutes * 60_000L + (minutes * 7919L % 60_000));

    private static readonly Gen<ComputeUse> Use =
        from start in Moment
        from length in Gen.Choose(0, 3 * 24 * 3600 * 10).Select(tenths => tenths * 100L)
        from milli in Gen.Elements(1L, 125, 250, 333, 1000, 8000)
        from engine in Gen.Choose(0, 5)
        from @group in Gen.Choose(0, 2)
        select new ComputeUse(
            $"{start}-{length}", new($"{engine:x32}"), new($"person-{engine}"), new($"group-{@group}"), $"template-{engine % 2}", "1", "pool", milli,
            Begin.AddMilliseconds(start), Begin.AddMilliseconds(start + length));

    private static readonly Gen<PriceList> Prices = Gen.ListOf(
        from at in Moment
        from micros in Gen.Choose(0, 40_000_000)
        select new Price(Begin.AddMilliseconds(at), micros)).Select(list => new PriceList(list.DistinctBy(price => price.From)));

    private static readonly Gen<Case> Cases =
        from uses in Gen.NonEmptyListOf(Use)
        from prices in Prices
        from zone in Gen.Elements(Zones)
        select new Case([.. uses], prices, TimeZoneInfo.FindSystemTimeZoneById(zone));

    [Fact]
    public void Lines_tile_their_use() => ForAll(one =>
    {
        foreach (var use in one.Uses)
        {
            var lines = Costs.LinesOf(use, one.Prices, one.Zone).ToList();
            lines[0].From.ShouldBe(use.StartedAt);
            lines[^1].Until.ShouldBe(use.EndedAt);
            lines.Zip(lines.Skip(1)).ShouldAllBe(pair => pair.First.Until == pair.Second.From);
            lines.ShouldAllBe(line => line.Micros >= 0);
            lines.Sum(line => line.MilliGpuMilliseconds).ShouldBe(use.MilliGpus * (long)(use.EndedAt - use.StartedAt).TotalMilliseconds);
            lines.Where(line => line.Until > line.From).ShouldAllBe(line => OnOneDay(line, one.Zone));
        }
    });

    [Fact]
    public void A_use_costs_its_time_at_each_price_rounded_down_once() => ForAll(one =>
    {
        foreach (var use in one.Uses)
        {
            // Counted another way: millisecond by millisecond would take long, so from change to change without days.
            var cuts = one.Prices.ChangesWithin(use.StartedAt, use.EndedAt).Prepend(use.StartedAt).Append(use.EndedAt).ToList();
            Int128 exact = 0;
            foreach (var (from, until) in cuts.Zip(cuts.Skip(1)))
                exact += (Int128)one.Prices.At(from) * use.MilliGpus * (long)(until - from).TotalMilliseconds;
            Costs.LinesOf(use, one.Prices, one.Zone).Sum(line => line.Micros).ShouldBe((long)(exact / 3_600_000_000));
        }
    });

    [Fact]
    public void Every_dimension_adds_up_to_the_same() => ForAll(one =>
    {
        var lines = one.Uses.SelectMany(use => Costs.LinesOf(use, one.Prices, one.Zone)).ToList();
        var total = lines.Sum(line => line.Micros);
        foreach (var dimension in (Func<CostLine, object>[])[line => line.Use.Owner, line => line.Use.Group, line => line.Use.Engine, line => line.Use.Template, line => line.Day])
            lines.GroupBy(dimension).Sum(part => part.Sum(line => line.Micros)).ShouldBe(total);
        var elsewhere = one.Uses.SelectMany(use => Costs.LinesOf(use, one.Prices, TimeZoneInfo.Utc)).Sum(line => line.Micros);
        elsewhere.ShouldBe(total, "where days begin changes no total");
    });

    [Fact]
    public void What_nobody_used_is_a_line_of_its_own_and_changes_no_total() => ForAll(one =>
    {
        foreach (var use in one.Uses)
        {
            var length = use.EndedAt - use.StartedAt;
            UsePart[] parts =
            [
                new(CostKind.Idle, use.StartedAt + (length / 4), use.StartedAt + (length / 2)),
                new(CostKind.Shared, use.StartedAt + (length / 3), use.EndedAt.AddHours(1)),
                new(CostKind.Idle, use.StartedAt.AddHours(-1), use.StartedAt),
            ];
            parts = [.. parts.Select(part => part with { From = Whole(part.From), Until = Whole(part.Until) })];
            var lines = Costs.LinesOf(use, one.Prices, one.Zone, parts).ToList();
            lines.Sum(line => line.Micros).ShouldBe(Costs.LinesOf(use, one.Prices, one.Zone).Sum(line => line.Micros));
            Length(lines, CostKind.Idle).ShouldBe(parts[0].Until - parts[0].From, "idle counts where both are");
            Length(lines, CostKind.Shared).ShouldBe(use.EndedAt - parts[0].Until);
            lines.Zip(lines.Skip(1)).ShouldAllBe(pair => pair.First.Until == pair.Second.From);
        }

        static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
        static TimeSpan Length(IEnumerable<CostLine> lines, CostKind kind) =>
            lines.Where(line => line.Kind == kind).Aggregate(TimeSpan.Zero, (sum, line) => sum + (line.Until - line.From));
    });

    [Theory]
    [InlineData("Europe/Berlin", 2026, 3, 28)]
    [InlineData("UTC", 2028, 2, 28)]
    public void A_gibibyte_for_730_hours_costs_its_price_whatever_days_there_are(string zone, int year, int month, int day)
    {
        var begin = new DateTimeOffset(year, month, day, 5, 0, 0, TimeSpan.Zero);
        var disk = new DiskUse(EngineId.New(), new("alice"), new("studio"), "demo", "1", 1L << 30, begin, begin.AddHours(Costs.HoursPerMonth));
        var lines = Costs.LinesOf(disk, new([new(DateTimeOffset.UnixEpoch, 80_001)]), TimeZoneInfo.FindSystemTimeZoneById(zone)).ToList();
        lines.Sum(line => line.Micros).ShouldBe(80_001);
        lines.Count.ShouldBe(31, "a line for each day");
    }

    [Theory]
    [InlineData("Europe/Berlin", 29, 23)]
    [InlineData("UTC", 29, 24)]
    public void A_day_has_as_many_hours_as_its_clock(string zone, int day, int hours)
    {
        var use = new ComputeUse("uid", EngineId.New(), new("alice"), new("studio"), "demo", "1", "pool", 1000, Begin, Begin.AddDays(40));
        var lines = Costs.LinesOf(use, new([new(Begin, 1_000_000)]), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var one = lines.Single(line => line.Day == new DateOnly(2026, 3, day));
        (one.Until - one.From).ShouldBe(TimeSpan.FromHours(hours));
        one.Micros.ShouldBe(hours * 1_000_000);
    }

    private static bool OnOneDay(CostLine line, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(line.From, zone).DateTime) == line.Day
        && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(line.Until.AddTicks(-1), zone).DateTime) == line.Day;

    private static void ForAll(Action<Case> holds) => Prop.ForAll(Cases.ToArbitrary(), holds).QuickCheckThrowOnFailure();
}
