using Aigc.Engines.Policies;

namespace Aigc.Engines.Lifecycle;

public enum Busy
{
    /// <summary>The template names no busy probe, or it says that nothing is being done.</summary>
    Idle,
    Busy,

    /// <summary>The probe has an answer that nobody can read: held for Busy, up to a limit.</summary>
    Unknown,

    /// <summary>The probe has no answer: held for Busy, up to a limit.</summary>
    Failed,
}

/// <summary>What is known of an engine's use.</summary>
/// <param name="ReadyAt">The idle clock never begins before it.</param>
/// <param name="Open">Requests that proxies hold open right now.</param>
/// <param name="LastActivity">The newest activity that a proxy has seen.</param>
/// <param name="BusySince">
/// Since when the busy probe has not said idle; while it has no readable answer, since when it had none.
/// </param>
/// <param name="LastBusy">The last moment the engine was at work, or may have been.</param>
public sealed record Usage(
    DateTimeOffset ReadyAt,
    int Open,
    DateTimeOffset? LastActivity,
    Busy Busy,
    DateTimeOffset BusySince,
    DateTimeOffset? LastBusy,
    DateTimeOffset? LastVisit,
    DateTimeOffset? KeepAwakeUntil)
{
    /// <summary>What the busy probe was answered last.</summary>
    public ProbeWord? Said { get; init; }

    /// <summary>The part of its pool's cards that is free; 0 while somebody waits for one.</summary>
    public double Free { get; init; } = 1;

    /// <summary>Whether somebody waits for a card of its pool.</summary>
    public bool IsWaitedFor { get; init; }

    /// <summary>Set of an engine that was woken before anybody came: until when somebody is expected.</summary>
    public DateTimeOffset? ExpectedUntil { get; init; }
}

/// <summary>Whether an engine may sleep.</summary>
public static class Idleness
{
    /// <summary>Why an engine is awake, and from when on it may sleep.</summary>
    public static Outlook Look(Usage usage, IdlePolicy policy, DateTimeOffset now)
    {
        var limit = LimitOf(usage.Busy, policy);
        var probed = limit is { } given && now - usage.BusySince < given ? HoldOf(usage.Busy) : (Hold?)null;
        var (last, kind) = LastUse(usage, works: probed == Hold.Work, now);
        // What an engine says of itself is no use any more once it has said so for too long.
        var (idleFrom, _) = usage.Busy == Busy.Busy ? LastUse(usage with { LastBusy = null }, works: false, now) : (last, kind);
        var over = limit is { } known ? usage.BusySince + known : (DateTimeOffset?)null;
        var floor = Latest(now, over, usage.KeepAwakeUntil);
        var (idle, force) = policy.SleepsAt(idleFrom, usage.ReadyAt, floor, usage.Free);
        // Nobody works with it yet: it keeps nobody waiting, and its owner needs no warning.
        var expected = kind == UseKind.Ready && usage.Open == 0 && probed is null ? usage.ExpectedUntil : null;
        if (expected is { } until)
            idle = !usage.IsWaitedFor && until > usage.ReadyAt ? until : usage.ReadyAt;
        var sleeps = Latest(idle, over, usage.KeepAwakeUntil);
        var why = usage.Open > 0 ? Hold.Request
            : probed ?? (usage.KeepAwakeUntil > idle ? Hold.KeepAwake : expected is not null ? Hold.Expected : Hold.Activity);
        var timeout = why is Hold.Request or Hold.Work ? policy.TimeoutAt(now, usage.ReadyAt, usage.Free).Timeout.Value : force.Timeout.Value;
        return new()
        {
            Why = why,
            Said = limit is null ? null : usage.Said,
            Since = usage.BusySince,
            SleepsAt = usage.Open > 0 ? null : sleeps,
            Timeout = timeout,
            Warning = why == Hold.Expected ? TimeSpan.Zero : policy.WarningFor(force.Timeout.Value),
            Ends = why == Hold.Expected ? Reasons.NobodyCame : EndOf(usage.Busy, force.Quiet),
            LastActivity = last,
            Last = kind,
        };
    }

    private static TimeSpan? LimitOf(Busy busy, IdlePolicy policy) => busy switch
    {
        Busy.Busy => policy.BusyLimit.Value,
        Busy.Unknown => policy.UnknownLimit.Value,
        Busy.Failed => policy.FailedLimit.Value,
        _ => null,
    };

    private static Hold HoldOf(Busy busy) => busy switch
    {
        Busy.Busy => Hold.Work,
        Busy.Unknown => Hold.Unknown,
        _ => Hold.Failed,
    };

    private static string EndOf(Busy busy, bool quiet) => busy switch
    {
        Busy.Busy => Reasons.BusyTooLong,
        Busy.Unknown => Reasons.UnknownTooLong,
        Busy.Failed => Reasons.FailedTooLong,
        _ => quiet ? Reasons.QuietHours : Reasons.Idle,
    };

    private static (DateTimeOffset At, UseKind Kind) LastUse(Usage usage, bool works, DateTimeOffset now)
    {
        if (works)
            return (now, UseKind.Work);
        var (at, kind) = (usage.ReadyAt, UseKind.Ready);
        foreach (var (other, otherKind) in new[]
                 {
                     (usage.LastBusy, UseKind.Work), (usage.LastVisit, UseKind.Visit), (usage.LastActivity, UseKind.Request),
                 })
        {
            if (other > at)
                (at, kind) = (other.Value, otherKind);
        }

        return (at, kind);
    }

    private static DateTimeOffset Latest(DateTimeOffset first, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            if (other > first)
                first = other.Value;
        }

        return first;
    }
}
