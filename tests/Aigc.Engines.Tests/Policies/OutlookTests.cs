using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;

namespace Aigc.Engines.Tests.Policies;

/// <summary>Work must not be lost to a sleep, and no engine may hold its GPU for ever by what it says of itself.</summary>
public sealed class OutlookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 16, 12, 0, 0, TimeSpan.Zero);
    private static readonly IdlePolicy Policy = new(
        [
            new(new()
            {
                Timeout = Minutes(20),
                BusyLimit = Minutes(600),
                UnknownLimit = Minutes(30),
                FailedLimit = Minutes(10),
            }, new(PolicyLevel.Template)),
        ], TimeZoneInfo.Utc);

    private static readonly Usage Used = new(Noon, 0, Noon, Busy.Idle, Noon, null, null, null);

    [Fact]
    public void An_open_request_holds_it_and_has_no_end()
    {
        var outlook = Look(Used with { Open = 1 }, Noon.AddHours(30));
        (outlook.Why, outlook.SleepsAt).ShouldBe((Hold.Request, null));
        outlook.Until(Noon.AddHours(30)).ShouldBe(Noon.AddHours(30) + Minutes(20));
    }

    [Fact]
    public void Work_holds_it_up_to_the_hard_maximum_and_says_so_from_the_beginning()
    {
        var busy = Used with { Busy = Busy.Busy, LastBusy = Noon.AddHours(9) };
        var outlook = Look(busy, Noon.AddHours(9));
        (outlook.Why, outlook.SleepsAt, outlook.Last).ShouldBe((Hold.Work, Noon.AddHours(10), UseKind.Work));
        outlook.Until(Noon.AddHours(9)).ShouldBe(Noon.AddHours(9) + Minutes(20), "if the work ends now");
        outlook.Until(Noon.AddHours(9.9)).ShouldBe(Noon.AddHours(10), "the hard maximum comes first");
        var over = Look(busy with { LastBusy = Noon.AddHours(10) }, Noon.AddHours(10));
        (over.SleepsAt, over.Ends).ShouldBe((Noon.AddHours(10), Reasons.BusyTooLong));
    }

    [Fact]
    public void Somebody_who_uses_an_engine_that_always_says_busy_keeps_it()
    {
        var now = Noon.AddHours(11);
        Look(Used with { Busy = Busy.Busy, LastBusy = now, LastActivity = now - Minutes(5) }, now).SleepsAt.ShouldBe(now + Minutes(15));
    }

    [Theory]
    [InlineData(Busy.Unknown, 30, Hold.Unknown, Reasons.UnknownTooLong)]
    [InlineData(Busy.Failed, 10, Hold.Failed, Reasons.FailedTooLong)]
    public void Without_a_readable_answer_it_is_held_up_to_the_answers_own_limit(Busy said, int limit, Hold held, string ends)
    {
        var silent = Used with { Busy = said, BusySince = Noon + Minutes(60) };
        var outlook = Look(silent, Noon + Minutes(61));
        (outlook.Why, outlook.SleepsAt, outlook.Ends).ShouldBe((held, Noon + Minutes(60 + limit), ends));
        Look(silent, Noon + Minutes(60 + limit)).Why.ShouldBe(Hold.Activity);
    }

    [Fact]
    public void Keep_awake_and_the_last_activity_are_named()
    {
        var kept = Look(Used with { KeepAwakeUntil = Noon.AddHours(1) }, Noon + Minutes(1));
        (kept.Why, kept.SleepsAt).ShouldBe((Hold.KeepAwake, Noon.AddHours(1)));
        var visited = Look(Used with { LastVisit = Noon + Minutes(3) }, Noon + Minutes(4));
        (visited.Why, visited.Last, visited.LastActivity, visited.SleepsAt).ShouldBe((Hold.Activity, UseKind.Visit, Noon + Minutes(3), Noon + Minutes(23)));
        Look(Used with { LastActivity = null }, Noon).Last.ShouldBe(UseKind.Ready);
        Look(Used with { LastBusy = Noon + Minutes(2) }, Noon + Minutes(4)).Last.ShouldBe(UseKind.Work);
    }

    [Fact]
    public void Who_is_expected_is_waited_for_unless_somebody_else_waits_and_once_there_is_worked_with_as_ever()
    {
        var expected = new Usage(Noon, 0, null, Busy.Idle, Noon, Noon, Noon - Minutes(1), null) { ExpectedUntil = Noon + Minutes(40) };
        var outlook = Look(expected, Noon + Minutes(1));
        (outlook.Why, outlook.SleepsAt, outlook.Warning, outlook.Ends).ShouldBe((Hold.Expected, Noon + Minutes(40), TimeSpan.Zero, Reasons.NobodyCame));
        Look(expected with { Free = 0, IsWaitedFor = true }, Noon + Minutes(1)).SleepsAt.ShouldBe(Noon, "people come first");
        Look(expected with { Free = 0 }, Noon + Minutes(1)).SleepsAt.ShouldBe(Noon + Minutes(40), "it has the last card, and nobody wants it");
        Look(expected with { ExpectedUntil = Noon - Minutes(1) }, Noon).SleepsAt.ShouldBe(Noon, "it was slower than anybody waits");
        var came = Look(expected with { LastActivity = Noon + Minutes(5) }, Noon + Minutes(6));
        (came.Why, came.SleepsAt, came.Ends).ShouldBe((Hold.Activity, Noon + Minutes(25), Reasons.Idle));
        Look(expected with { Open = 1 }, Noon + Minutes(50)).SleepsAt.ShouldBeNull();
        Look(expected with { Busy = Busy.Busy, BusySince = Noon, IsWaitedFor = true }, Noon + Minutes(50)).Why.ShouldBe(Hold.Work, "whoever told it to");
        Look(expected with { KeepAwakeUntil = Noon.AddHours(2) }, Noon + Minutes(50)).Why.ShouldBe(Hold.KeepAwake);
    }

    [Fact]
    public void Its_owner_has_the_whole_warning_however_late_it_comes()
    {
        var outlook = Look(Used, Noon + Minutes(30)) with { WarnedAt = Noon + Minutes(30) };
        outlook.SleepsAt.ShouldBe(Noon + Minutes(20));
        outlook.EndsAt.ShouldBe(Noon + Minutes(32));
        (outlook with { WarnedAt = Noon + Minutes(18) }).EndsAt.ShouldBe(Noon + Minutes(20));
        (outlook with { WarnedAt = null }).EndsAt.ShouldBeNull("nobody was told");
    }

    /// <summary>Whatever happens to an engine: as long as it says Busy it may not sleep before the hard maximum, and nothing it says holds it for longer than its limit.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_busy_may_sleep_over_random_histories(int seed)
    {
        var random = new Random(seed);
        var (busy, since, lastBusy, used, now) = (Busy.Idle, Noon, (DateTimeOffset?)null, Noon, Noon);
        for (var step = 0; step < 20_000; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(1, 400));
            if (random.Next(12) == 0)
                used = now;
            if (random.Next(6) == 0)
            {
                var next = (Busy)random.Next(4);
                since = next == busy ? since : now;
                busy = next;
            }

            if (busy == Busy.Busy)
                lastBusy = now;
            var outlook = Look(new(Noon, 0, used, busy, since, lastBusy, null, null), now);
            if (outlook.SleepsAt > now)
                continue;
            (busy == Busy.Busy && now - since < Minutes(600)).ShouldBeFalse("it says that it is at work");
            (busy == Busy.Unknown && now - since < Minutes(30)).ShouldBeFalse();
            (busy == Busy.Failed && now - since < Minutes(10)).ShouldBeFalse();
            (now - used).ShouldBeGreaterThanOrEqualTo(Minutes(20));
            if (busy != Busy.Busy && lastBusy is { } worked)
                (now - worked).ShouldBeGreaterThanOrEqualTo(Minutes(20));
        }
    }

    private static Outlook Look(Usage usage, DateTimeOffset now) => Idleness.Look(usage, Policy, now);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
}
