using System.Net;
using Aigc.Api.Dashboard.Charts;
using Aigc.Api.Dashboard.Words;
using Aigc.Engines.People;

namespace Aigc.Api.Tests.Dashboard;

/// <summary>Nobody reads on a page what others cost.</summary>
[Collection(SharedDashboard.Name)]
public sealed class CostPageTests(DashboardHost host)
{
    [Fact]
    public async Task Everybody_has_a_page_and_chooses_only_what_is_theirs()
    {
        using var alice = await host.SignInAsync();
        using var manager = await host.SignInAsync("Mona", role: Role.GroupManager);
        using var admin = await host.SignInAsync("Ada", admin: true);
        (await alice.ReadAsync("/costs")).ShouldNotContain("<select id=\"of\"");
        (await manager.ReadAsync("/costs")).ShouldContain("<option value=\"group\" selected");
        var all = await admin.ReadAsync("/costs?from=2026-03-01&to=2026-03-31&by=day");
        all.ShouldContain("<option value=\"all\" selected");
        all.ShouldContain("/api/v1/costs/focus?from=2026-03-01&amp;to=2026-04-01&amp;by=day&amp;of=all");
        foreach (var (person, path) in new[] { (alice, "/costs?of=group"), (alice, "/costs?of=all"), (manager, "/costs?of=all") })
            (await person.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        (await alice.ReadAsync("/costs")).ShouldNotContain("/costs/bills");
        using var wrong = await alice.GetAsync("/costs?from=2026-03-31&to=2026-03-01");
        wrong.Headers.Location!.OriginalString.ShouldBe("/costs");
    }

    [Fact]
    public async Task Bills_are_entered_by_administrators_alone()
    {
        using var alice = await host.SignInAsync();
        foreach (var path in new[] { "/costs/bills", "/costs/bills/x/withdraw" })
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", await alice.TokenAsync("/costs"))]);
            (await alice.PostAsync(path, form)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.003, 0.003)]
    [InlineData(7, 8)]
    [InlineData(41, 60)]
    [InlineData(100, 100)]
    [InlineData(1_234_567, 1_500_000)]
    public void Axes_end_at_a_round_number_above_everything(double highest, double ceiling)
    {
        var shape = new ChartShape(ChartOf(highest, 0));
        shape.Ceiling.ShouldBe(ceiling, ceiling * 1e-9);
        shape.Marks.Count().ShouldBeInRange(3, 5);
    }

    [Fact]
    public void Lines_are_interrupted_where_nothing_is_known_and_lone_points_are_seen()
    {
        var shape = new ChartShape(ChartOf(1, 2, null, 3, null));
        shape.Line(0).Count(character => character == 'M').ShouldBe(2);
        shape.Dots(0).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("USD", "$1,234.50", "$1,234.50")]
    [InlineData("CNY", "¥1,234.50", "¥1,234.50")]
    [InlineData("CHF", "CHF\u00A01,234.50", "CHF\u00A01,234.50")]
    public void Money_is_told_in_the_readers_language(string currency, string en, string zh)
    {
        Text.English.Money(1_234_500_000, currency).ShouldBe(en);
        Text.Chinese.Money(1_234_500_000, currency).ShouldBe(zh);
        Text.English.UnitMoney(1_250, currency).ShouldEndWith("0.0013");
    }

    private static Chart ChartOf(params double?[] values) => new(
        "chart", "Title", "unit", "", [.. values.Select((_, i) => ($"{i}", $"{i}"))], [new("one", SeriesShape.Line, values, 0)], value => $"{value}", value => $"{value}");
}
