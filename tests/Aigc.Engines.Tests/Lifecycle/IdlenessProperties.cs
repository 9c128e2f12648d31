using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;

namespace Aigc.Engines.Tests.Lifecycle;

/// <summary>Over random histories of visits, requests, probes and their failures: asleep exactly when nobody works.</summary>
public sealed class IdlenessProperties
{
    private const int Histories = 300;
    private const int Steps = 60;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan UnknownLimit = TimeSpan.FromMinutes(30);
    private static readonly IdlePolicy Policy = new([new(new() { Timeout = IdleTimeout, UnknownLimit = UnknownLimit }, PolicySource.Default)], TimeZoneInfo.Utc);
    private static readonly DateTimeOffset Begin = new(2026, 3, 29, 0, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_that_is_busy_or_held_is_slept_and_what_is_neither_is()
    {
        for (var seed = 1; seed <= Histories; seed++)
        {
            var random = new Random(seed);
            var (now, usage) = (Begin, new Usage(Begin, 0, null, Busy.Idle, Begin, null, null, null) { ExpectedUntil = Begin + TimeSpan.FromMinutes(seed % 45) });
            for (var step = 0; step < Steps; step++)
            {
                now += TimeSpan.FromSeconds(random.Next(1200));
                // What the sweep does before it decides: an engine at work now was at work last now.
                if (usage.Busy == Busy.Busy)
                    usage = usage with { LastBusy = now };
                var sleeps = SleepsAt(usage, now) <= now;
                sleeps.ShouldBe(Hold(usage, now) is null, $"seed {seed}, step {step}: {Hold(usage, now)}");
                usage = sleeps ? new(now, 0, null, Busy.Idle, now, null, null, null) : Change(usage, random, now);
            }
        }
    }

    private static DateTimeOffset? SleepsAt(Usage usage, DateTimeOffset now) => Idleness.Look(usage, Policy, now).SleepsAt;

    /// <summary>Why it may not sleep, said another way.</summary>
    private static string? Hold(Usage usage, DateTimeOffset now) =>
        usage.Open > 0 ? "a request is open"
        : usage.Busy == Busy.Busy ? "it is at work"
        : usage.Busy == Busy.Unknown && now < usage.BusySince + UnknownLimit ? "nobody can tell"
        : usage.KeepAwakeUntil > now ? "it was asked to stay awake"
        : usage is { ExpectedUntil: { } expected } && new[] { usage.LastActivity, usage.LastBusy, usage.LastVisit }.All(use => !(use > usage.ReadyAt))
            ? now < expected || now <= usage.ReadyAt ? "somebody is expected" : null
        : new[] { usage.ReadyAt, usage.LastActivity, usage.LastBusy, usage.LastVisit }.Any(use => now - use < IdleTimeout) ? "it was used lately"
        : null;

    private static Usage Change(Usage usage, Random random, DateTimeOffset now) => random.Next(10) switch
    {
        0 => usage with { Open = usage.Open + 1, LastActivity = now },
        1 or 2 => usage with { Open = Math.Max(0, usage.Open - 1), LastActivity = now },
        3 => usage with { LastActivity = now },
        4 => usage with { LastVisit = now },
        5 => usage with { KeepAwakeUntil = now + TimeSpan.FromMinutes(random.Next(120)) },
        6 => Probed(usage, Busy.Busy, now) with { LastBusy = now },
        7 => Probed(usage, Busy.Unknown, now),
        _ => Probed(usage, Busy.Idle, now),
    };

    private static Usage Probed(Usage usage, Busy busy, DateTimeOffset now) => usage.Busy == busy ? usage : usage with { Busy = busy, BusySince = now };
}
