namespace Aigc.Engines.Lifecycle;

public enum Busy
{
    /// <summary>The template names no busy probe, or it says that nothing is being done.</summary>
    Idle,
    Busy,

    /// <summary>The probe has no answer: held for Busy, up to a limit.</summary>
    Unknown,
}

/// <summary>What is known of an engine's use.</summary>
/// <param name="ReadyAt">The idle clock never begins before it.</param>
/// <param name="Open">Requests that proxies hold open right now.</param>
/// <param name="LastActivity">The newest activity that a proxy has seen.</param>
/// <param name="BusySince">When the present answer of the busy probe began.</param>
/// <param name="LastBusy">The last moment the engine was at work, or may have been.</param>
public sealed record Usage(
    DateTimeOffset ReadyAt,
    int Open,
    DateTimeOffset? LastActivity,
    Busy Busy,
    DateTimeOffset BusySince,
    DateTimeOffset? LastBusy,
    DateTimeOffset? LastVisit,
    DateTimeOffset? KeepAwakeUntil);

/// <summary>Whether an engine may sleep.</summary>
public static class Idleness
{
    /// <summary>How long a busy probe without an answer holds an engine awake, when its template does not say.</summary>
    public static readonly TimeSpan UnknownLimit = TimeSpan.FromMinutes(30);

    /// <summary>Null while something holds the engine awake; else the moment from which it may sleep.</summary>
    public static DateTimeOffset? SleepsAt(Usage usage, TimeSpan idleTimeout, TimeSpan? unknownLimit, DateTimeOffset now)
    {
        if (usage.Open > 0 || usage.Busy == Busy.Busy)
            return null;
        if (usage.Busy == Busy.Unknown && now - usage.BusySince < (unknownLimit ?? UnknownLimit))
            return null;
        var lastUse = Latest(usage.ReadyAt, usage.LastActivity, usage.LastBusy, usage.LastVisit);
        return Latest(lastUse + idleTimeout, usage.KeepAwakeUntil);
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
