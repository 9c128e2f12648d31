using Aigc.Engines.Access;
using Aigc.Engines.People;

namespace Aigc.Engines.Lifecycle;

/// <summary>One owner's own copy of a template, with its own disk and its own host name.</summary>
public sealed record Engine
{
    public required EngineId Id { get; init; }
    public required UserId Owner { get; init; }

    /// <summary>Nobody's: started ahead of a visit, so that an engine of the same template can have its compute.</summary>
    public bool IsSpare => Owner == Nobody;

    /// <summary>Started before anybody asked, and nobody has since: people come first.</summary>
    public bool IsAhead => IsSpare || (Desired == Desired.Awake && DesiredReason.Code == Reasons.Habit && !(LastVisit > AskedAt));

    /// <summary>Who owns spares. No provider's subject is empty.</summary>
    public static UserId Nobody { get; } = new("");

    public required GroupId Group { get; init; }
    public required string Template { get; init; }
    public required string TemplateVersion { get; init; }

    /// <summary>The engine's label under the engine domain, such as <c>demo-alice-7k3q</c>; unique, lower case.</summary>
    public required string Host { get; init; }

    public required Desired Desired { get; init; }
    public required Reason DesiredReason { get; init; }

    /// <summary>Counts the changes of what is desired. A stop carries the generation it saw; a newer wake voids it.</summary>
    public required long Generation { get; init; }

    /// <summary>Compute that was started under an older generation than this has to be replaced (0: never asked).</summary>
    public long RestartGeneration { get; init; }

    /// <summary>With <see cref="Desired.Deleted"/>: whether the disk outlives the engine.</summary>
    public bool KeepDisk { get; init; } = true;

    /// <summary>The W3C trace context of whoever last changed what is desired; null: nobody traced it.</summary>
    public string? TraceParent { get; init; }

    public DateTimeOffset? KeepAwakeUntil { get; init; }

    /// <summary>Whether it may be woken before its owner comes, by habit.</summary>
    public bool PreWake { get; init; } = true;

    /// <summary>Since when it has been wanted awake: its place in the queue.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>The pool that its owner asked for, this once; null: whichever comes first.</summary>
    public string? AskedPool { get; init; }

    /// <summary>The last visit that found the engine anything but ready, or the last wake.</summary>
    public DateTimeOffset? LastVisit { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who besides the owner may open it; what has run out may be among them. Null: nobody.</summary>
    public IReadOnlyList<Grant>? Access { get; init; }

    // Observed: written by the reconciler alone.
    public EngineState State { get; init; } = EngineState.Asleep;
    public Reason Reason { get; init; } = new(Reasons.Created);
    public required DateTimeOffset StateSince { get; init; }

    /// <summary>The generation that <see cref="State"/> was decided for.</summary>
    public long ObservedGeneration { get; init; }

    public string? RuntimeUid { get; init; }
    public Uri? Address { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>The pool that its compute is in, or was last. Empty: the runtime's own supply; null: it never had any.</summary>
    public string? Pool { get; init; }

    /// <summary>Why it is not in a pool that is preferred to this one.</summary>
    public string? PoolWhy { get; init; }

    /// <summary>What it has of the pool now, in units of its resource.</summary>
    public long PoolUnits { get; init; }

    /// <summary>The part of cards that this is, in thousandths.</summary>
    public long MilliGpus { get; init; }

    /// <summary>Why it is awake and until when, as the worker last told it; null while it is not ready.</summary>
    public Outlook? Outlook { get; init; }
    public long RowVersion { get; init; }

    /// <summary>As it is when somebody takes it: asleep, and never woken.</summary>
    /// <param name="id">Of a kept disk that it goes on with; null: its own.</param>
    public static Engine Taken(
        UserId owner, GroupId group, string template, string version, string host, DateTimeOffset now, EngineId? id = null) => new()
        {
            Id = id ?? EngineId.New(),
            Owner = owner,
            Group = group,
            Template = template,
            TemplateVersion = version,
            Host = host,
            Desired = Desired.Asleep,
            DesiredReason = new(Reasons.Created),
            Generation = 1,
            CreatedAt = now,
            StateSince = now,
        };
}
