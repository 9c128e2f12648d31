using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc.Engines.Tests.Metering;

/// <summary>A bill is shared out to the last unit, and nobody pays more than a unit beside their part.</summary>
public sealed class BillSharesTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DateOnly First = new(2028, 2, 27);
    private static readonly DateOnly Last = new(2028, 4, 3);

    private sealed record Case(IReadOnlyList<ComputeUse> Uses, IReadOnlyList<Bill> Bills);

    private static readonly Gen<ComputeUse> Uses =
        from start in Gen.Choose(-100, 40 * 24 * 60)
        from length in Gen.Choose(0, 3 * 24 * 60)
        from milli in Gen.Elements(0L, 125, 333, 1000, 8000)
        from pool in Gen.Elements("a", "b")
        from engine in Gen.Choose(0, 4)
        select new ComputeUse(
            $"{start}-{length}-{milli}-{pool}-{engine}", new($"{engine:x32}"), new($"person-{engine}"), new($"group-{engine % 2}"), "demo", "1", pool, milli,
            Days.BeginOf(First, Zone).AddMinutes(start), Days.BeginOf(First, Zone).AddMinutes(start + length));

    private static readonly Gen<Bill> Bills =
        from day in Gen.Choose(0, 30)
        from days in Gen.Choose(1, 40)
        from micros in Gen.Choose(1, int.MaxValue)
        from milli in Gen.Elements<long?>(null, 1, 4000, 80_000)
        from pool in Gen.Elements("a", "b", "c")
        select new Bill($"{day}-{days}-{micros}", pool, First.AddDays(day), First.AddDays(day + days), micros * 1000L, milli, null, default, "admin");

    private static readonly Gen<Case> Cases =
        from uses in Gen.ListOf(Uses)
        from bills in Gen.NonEmptyListOf(Bills)
        select new Case([.. uses.DistinctBy(use => use.RuntimeUid)], [.. bills.Take(4)]);

    [Fact]
    public void Bills_are_shared_out_fully_by_every_dimension() => Prop.ForAll(Cases.ToArbitrary(), one =>
    {
        var lines = one.Uses.SelectMany(use => Costs.LinesOf(use, PriceList.Free, Zone)).ToList();
        var shares = new BillShares(one.Bills, lines, Zone);
        var charges = lines.Where(line => shares.Of(line) is not null).Select(line => Charge.Of(line, shares.Of(line), 0))
            .Concat(shares.Unallocated(DateOnly.MinValue, DateOnly.MaxValue.AddDays(-1), Zone)).ToList();
        var total = one.Bills.Sum(bill => bill.Micros);
        charges.ShouldAllBe(charge => charge.Micros >= 0);
        foreach (var dimension in Enum.GetValues<CostDimension>())
        {
            var table = new CostTable(dimension);
            charges.ForEach(table.Add);
            table.Total.Micros.ShouldBe(total);
            table.Rows.Sum(row => row.Sum.Micros).ShouldBe(total);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_left_of_rounding_goes_to_the_largest_remainders() =>
        BillShares.Apportion(100, [1, 1, 1, 3]).ShouldBe([17, 17, 16, 50]);

    [Fact]
    public void What_was_paid_for_and_nobody_had_is_told()
    {
        var day = Days.BeginOf(First, Zone);
        var use = new ComputeUse("uid", EngineId.New(), new("alice"), new("studio"), "demo", "1", "a", 1000, day, day.AddHours(6));
        var bill = new Bill("one", "a", First, First.AddDays(1), 1_000_000, 2000, null, default, "admin");
        var lines = Costs.LinesOf(use, PriceList.Free, Zone).ToList();
        var shares = new BillShares([bill], lines, Zone);
        shares.Of(lines[0]).ShouldBe(125_000);
        shares.Unallocated(First, Last, Zone).ShouldHaveSingleItem().Micros.ShouldBe(875_000);
        shares.Unallocated(First.AddDays(1), Last, Zone).ShouldBeEmpty();
    }

    [Fact]
    public void Without_any_use_all_of_it_was_for_nothing() =>
        new BillShares([new("one", "a", First, First.AddDays(3), 1_000, null, null, default, "admin")], [], Zone)
            .Unallocated(First, Last, Zone).Select(charge => charge.Micros).ShouldBe([334, 333, 333]);
}
