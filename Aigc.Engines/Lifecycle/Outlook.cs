using Aigc.Engines.Templates;

namespace Aigc.Engines.Lifecycle;

/// <summary>What holds an engine awake.</summary>
public enum Hold
{
    /// <summary>It was used, or became ready, a while ago.</summary>
    Activity,

    /// <summary>Requests have no answer yet.</summary>
    Request,

    /// <summary>It says that it is at work.</summary>
    Work,

    /// <summary>It answers, but nobody can tell what.</summary>
    Unknown,

    /// <summary>It does not answer.</summary>
    Failed,

    /// <summary>Its owner wants it awake.</summary>
    KeepAwake,

    /// <summary>It was woken ahead of its owner, who has not come yet.</summary>
    Expected,
}

/// <summary>What counted as activity.</summary>
public enum UseKind
{
    Ready,
    Request,
    Visit,
    Work,
}

/// <summary>What a busy probe was answered.</summary>
/// <param name="Detail">For people: "answered 401".</param>
/// <param name="Jobs">How many, where it counts them; of a GPU the percentage at work.</param>
public sealed record ProbeWord(BusyProbeKind Kind, string Detail, int? Jobs = null);

/// <summary>Why an engine is awake, until when, and what last counted as activity.</summary>
public sealed record Outlook
{
    public required Hold Why { get; init; }

    /// <summary>Set with <see cref="Hold.Work"/>, <see cref="Hold.Unknown"/> and <see cref="Hold.Failed"/>.</summary>
    public ProbeWord? Said { get; init; }

    /// <summary>When the present answer of the busy probe began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>From when on it may sleep if nothing happens any more; null while requests are open.</summary>
    public DateTimeOffset? SleepsAt { get; init; }

    /// <summary>The idle timeout in force.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How long before <see cref="SleepsAt"/> its owner is told.</summary>
    public required TimeSpan Warning { get; init; }

    /// <summary>The code of the reason for which it would sleep.</summary>
    public required string Ends { get; init; }
    public required DateTimeOffset LastActivity { get; init; }
    public required UseKind Last { get; init; }

    /// <summary>Since when its owner has been told that it is about to sleep.</summary>
    public DateTimeOffset? WarnedAt { get; init; }

    /// <summary>The earliest moment at which it may sleep, as things are.</summary>
    public DateTimeOffset Until(DateTimeOffset now) =>
        Why is Hold.Request or Hold.Work && !(SleepsAt <= now + Timeout) ? now + Timeout : SleepsAt ?? now;

    /// <summary>From when on its owner has to be told.</summary>
    public DateTimeOffset? WarnsAt => SleepsAt - Warning;

    /// <summary>When it goes to sleep, once its owner was told: everybody has the whole time to answer.</summary>
    public DateTimeOffset? EndsAt => SleepsAt is { } at && WarnedAt + Warning is { } told ? told > at ? told : at : null;
}
