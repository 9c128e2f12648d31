using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;

namespace Aigc.Bench.Simulating;

/// <summary>An artist's engine in the simulation, and its compute.</summary>
internal sealed class Seat(Artist artist, DateTimeOffset begin)
{
    public Artist Artist { get; } = artist;

    public Engine Engine { get; set; } = new()
    {
        Id = EngineId.New(),
        Owner = new(artist.Name),
        Group = new(artist.Group),
        Template = artist.Kind.Template,
        TemplateVersion = "1",
        Host = artist.Name,
        Desired = Desired.Asleep,
        DesiredReason = new(Reasons.Created),
        Generation = 1,
        ObservedGeneration = 1,
        CreatedAt = begin,
        StateSince = begin,
    };

    /// <summary>The next of the artist's uses.</summary>
    public int Next { get; set; }

    /// <summary>Whether it waits for compute.</summary>
    public bool Asked { get; set; }

    public PoolGrant? Grant { get; set; }
    public ComputePhase Phase { get; set; }
    public DateTimeOffset PhaseSince { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset ReadyAt { get; set; }
    public bool EverReady { get; set; }
    public long ComputeGeneration { get; set; }

    public DateTimeOffset? LastActivity { get; set; }
    public DateTimeOffset WorksUntil { get; set; }

    /// <summary>When the visit came that it is waking for, and whether the artist came back after a pause.</summary>
    public (DateTimeOffset At, bool Arrival)? Visit { get; set; }

    public DateTimeOffset GrantedAt { get; set; }

    /// <summary>Work that was asked for before it was ready.</summary>
    public TimeSpan Owed { get; set; }

    public DateTimeOffset? LookAt { get; set; }

    public Usage Usage(DateTimeOffset now) => new(
        Engine.ReadyAt ?? now, Open: 0, LastActivity, WorksUntil > now ? Busy.Busy : Busy.Idle, now, WorksUntil > DateTimeOffset.MinValue ? (WorksUntil < now ? WorksUntil : now) : null,
        Engine.LastVisit, null);
}
