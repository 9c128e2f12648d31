using Aigc.Engines.Access;
using Aigc.Engines.People;

namespace Aigc.Engines.Lifecycle;

/// <summary>One owner's own copy of a template, with its own disk and its own host name.</summary>
public sealed record Engine
{
    public required EngineId Id { get; init; }
    public required UserId Owner { get; init; }
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

    /// <summary>Where its compute is, or was last; null: in no pool that anybody entered.</summary>
    public string? Pool { get; init; }

    /// <summary>The part of cards that it has there, in thousandths.</summary>
    public long MilliGpus { get; init; }
    public long RowVersion { get; init; }
}
