using System.Text.Json;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tests.Storage;

namespace Aigc.Engines.Tests.Policies;

public sealed class IdlePolicyTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);
    private static readonly WorkingHours NineToSix = new([DayOfWeek.Monday, DayOfWeek.Tuesday], TimeSpan.FromHours(9), TimeSpan.FromHours(18), "UTC");

    [Fact]
    public void Of_all_that_apply_the_strictest_counts_field_by_field_and_each_value_says_where_it_comes_from()
    {
        var rules = new IdleRules(
            [
                new(RuleKind.Idle, RuleScope.Everyone, "", """{"timeout":"1h","busyLimit":"10h"}"""),
                new(RuleKind.Idle, RuleScope.Group, "art", """{"timeout":"20m","busyLimit":"12h","warnBefore":"5m"}"""),
                new(RuleKind.Idle, RuleScope.Group, "film", """{"timeout":"1m"}"""),
                new(RuleKind.Idle, RuleScope.Person, "alice", """{"unknownLimit":"10m"}"""),
                new(RuleKind.Idle, RuleScope.Person, "bob", """{"timeout":"1m"}"""),
            ],
            [new("a100", Json("""{"failedLimit":"3m"}""")), new("other", Json("""{"failedLimit":"1m"}"""))],
            TimeZoneInfo.Utc);
        var template = Demo with { IdleTimeout = TimeSpan.FromMinutes(30) };

        var policy = rules.PolicyFor(StoreContract.Some(EngineId.New(), "h") with { Pool = "a100" }, template);

        policy.Timeout.ShouldBe(new(TimeSpan.FromMinutes(20), new(PolicyLevel.Group, "art")));
        policy.BusyLimit.ShouldBe(new(TimeSpan.FromHours(10), new(PolicyLevel.Everyone)));
        policy.UnknownLimit.ShouldBe(new(TimeSpan.FromMinutes(10), new(PolicyLevel.Person)));
        policy.FailedLimit.ShouldBe(new(TimeSpan.FromMinutes(3), new(PolicyLevel.Pool, "a100")));
        policy.WarnBefore.ShouldBe(new(TimeSpan.FromMinutes(5), new(PolicyLevel.Group, "art")));
    }

    [Fact]
    public void What_nobody_says_is_the_products_own()
    {
        var policy = new IdlePolicy([new(Demo.IdleRule, new(PolicyLevel.Template))], TimeZoneInfo.Utc);
        policy.BusyLimit.ShouldBe(new(TimeSpan.FromDays(1), PolicySource.Default));
        policy.WarningFor(TimeSpan.FromMinutes(30)).ShouldBe(TimeSpan.FromMinutes(2));
        policy.WarningFor(TimeSpan.FromSeconds(10)).ShouldBe(TimeSpan.FromSeconds(2), "a short timeout is not all warning");
    }

    [Fact]
    public void While_cards_are_scarce_the_idle_give_way_sooner_where_somebody_says_so()
    {
        var policy = Policy(new IdleRule { Timeout = Minutes(30), ScarceTimeout = Minutes(3) });
        policy.TimeoutAt(Monday, Monday, free: 0.5).Timeout.Value.ShouldBe(Minutes(30));
        policy.TimeoutAt(Monday, Monday, free: 0).Timeout.Value.ShouldBe(Minutes(3));
        policy.TimeoutAt(Monday, Monday, free: Scarcity.UsualBelow / 2).Timeout.Value.ShouldBe(TimeSpan.FromMinutes(16.5), TimeSpan.FromSeconds(1));
        policy.SleepsAt(Monday, Monday, Monday, free: 0).At.ShouldBe(Monday + Minutes(3));
        Policy(new IdleRule { Timeout = Minutes(30) }).TimeoutAt(Monday, Monday, free: 0).Timeout.Value.ShouldBe(Minutes(30));
    }

    [Fact]
    public void Outside_of_working_hours_the_shorter_timeout_counts_from_the_last_use()
    {
        var policy = Policy(new IdleRule { Timeout = Minutes(60), WorkingHours = NineToSix, Outside = new(Minutes(10)) });
        Sleeps(policy, Monday.AddHours(12)).ShouldBe(Monday.AddHours(13));
        Sleeps(policy, Monday.AddHours(17.5)).ShouldBe(Monday.AddHours(18), "idle for half an hour when work ends");
        Sleeps(policy, Monday.AddHours(17.95)).ShouldBe(Monday.AddHours(17.95) + Minutes(10));
        Sleeps(policy, Monday.AddHours(8.9)).ShouldBe(Monday.AddHours(9.9), "work began before the ten minutes were over");
    }

    [Fact]
    public void An_engine_that_has_been_awake_too_long_sleeps_at_its_first_lull_at_night()
    {
        var policy = Policy(new IdleRule { Timeout = Minutes(60), WorkingHours = NineToSix, Outside = new(null, TimeSpan.FromHours(8)) });
        var night = Monday.AddHours(20);
        policy.SleepsAt(night, awakeSince: Monday.AddHours(9), night).At.ShouldBe(night + IdlePolicy.Lull);
        policy.SleepsAt(night, awakeSince: Monday.AddHours(19), night).At.ShouldBe(night + Minutes(60), "young");
        var day = Monday.AddHours(17.9);
        policy.SleepsAt(day, awakeSince: Monday.AddHours(9), day).At.ShouldBe(Monday.AddHours(18), "and not by day");
    }

    /// <summary>The walk from change to change finds what looking at every minute finds.</summary>
    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Asia/Shanghai")]
    public void An_engine_sleeps_at_the_first_minute_that_any_calendar_allows(string zone)
    {
        var random = new Random(7);
        for (var run = 0; run < 60; run++)
        {
            var policy = Policy([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => SomeRule(random, zone))]);
            var ready = new DateTimeOffset(2026, 10, 24, 0, 0, 0, TimeSpan.Zero) + Minutes(random.Next(0, 4000));
            var used = ready + Minutes(random.Next(0, 2000));
            var from = used + Minutes(random.Next(0, 300));
            var expected = from;
            while (used + policy.TimeoutAt(expected, ready).Timeout.Value > expected)
                expected += Minutes(1);
            var at = policy.SleepsAt(used, ready, from).At;
            (at < from ? from : at).ShouldBe(expected, $"run {run}");
        }
    }

    [Fact]
    public void A_time_zone_that_this_machine_does_not_know_stands_for_the_studios()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var policy = new IdlePolicy([new(new() { WorkingHours = NineToSix with { TimeZone = "Mars/Olympus" }, Outside = new(Minutes(1)) }, PolicySource.Default)], zone);
        policy.Calendars.ShouldHaveSingleItem().Calendar.Zone.ShouldBe(zone);
    }

    [Fact]
    public void A_pool_whose_body_is_no_policy_lays_down_nothing()
    {
        var rules = new IdleRules([], [new("odd", Json("[1]")), new("odder", Json("""{"timeout":"soon"}"""))], TimeZoneInfo.Utc);
        rules.PolicyFor(StoreContract.Some(EngineId.New(), "h") with { Pool = "odder" }, Demo).BusyLimit.Source.ShouldBe(PolicySource.Default);
    }

    private static Template Demo => TemplateStoreContract.Demo("1");

    private static IdleRule SomeRule(Random random, string zone) => new()
    {
        Timeout = Minutes(random.Next(20, 600)),
        WorkingHours = new(
            [.. Enum.GetValues<DayOfWeek>().Where(_ => random.Next(3) > 0).DefaultIfEmpty(DayOfWeek.Friday)], Minutes(random.Next(0, 1440)), Minutes(random.Next(1, 1441)), zone),
        Outside = new(random.Next(4) == 0 ? null : Minutes(random.Next(1, 60)), random.Next(2) == 0 ? null : Minutes(random.Next(30, 3000))),
    };

    private static DateTimeOffset Sleeps(IdlePolicy policy, DateTimeOffset used) => policy.SleepsAt(used, used - Minutes(1), used).At;

    private static IdlePolicy Policy(params IdleRule[] rules) =>
        new([.. rules.Select(rule => new IdleLayer(rule, new(PolicyLevel.Template)))], TimeZoneInfo.Utc);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
