using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Tracking;

/// <summary>What a proxy needs to know of an engine: whose it is, how it is, and where. Published by the worker for every engine, asleep or not.</summary>
public sealed record Route
{
    public required EngineId Engine { get; init; }

    /// <summary>The label under the engine domain.</summary>
    public required string Host { get; init; }
    public required UserId Owner { get; init; }
    public required GroupId Group { get; init; }

    /// <summary>Who besides the owner may open it; proxies compare until when by themselves. Null: nobody.</summary>
    public IReadOnlyList<Grant>? Access { get; init; }
    public required LocalizedText Title { get; init; }
    public required EngineState State { get; init; }
    public required Reason Reason { get; init; }

    /// <summary>When <see cref="State"/> began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Set when <see cref="State"/> is Ready and the engine is not being drained: requests may be forwarded there.</summary>
    public Uri? Address { get; init; }

    /// <summary>About to fall asleep: nothing new is forwarded, a visit voids it.</summary>
    public bool Draining { get; init; }

    /// <summary>When it falls asleep unless somebody uses it, once its owner is being told.</summary>
    public DateTimeOffset? SleepsAt { get; init; }
    public ActivityRules Activity { get; init; } = new();
    public required long Generation { get; init; }
}
