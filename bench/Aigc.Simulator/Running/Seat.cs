using Aigc.Engines.Ahead;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Running;

/// <summary>An artist's engine, its compute, and what is known of its use.</summary>
internal sealed class Seat(Artist artist, DateTimeOffset begin)
{
    private readonly List<Use> _owed = [];
    private DateTimeOffset? _requestedAt;
    private DateTimeOffset? _watchedUntil;

    /// <summary>When its owner's work would be done, had the engine never slept: the same under every policy.</summary>
    private DateTimeOffset _leftAt = DateTimeOffset.MinValue;

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

    /// <summary>From wake to sleep, in the order of time.</summary>
    public List<PastSession> Sessions { get; } = [];

    /// <summary>Whether it is in the queue.</summary>
    public bool Asked { get; set; }

    public Compute? Compute { get; set; }

    /// <summary>Since when somebody waits for it.</summary>
    public DateTimeOffset? VisitedAt { get; set; }

    /// <summary>When it is looked at next, whether it may sleep.</summary>
    public DateTimeOffset? LookAt { get; set; }

    /// <summary>When it is done with what it was asked for; null: it was never at work.</summary>
    public DateTimeOffset? WorksUntil { get; private set; }

    public bool IsReady => Engine.State == EngineState.Ready;

    /// <returns>Whether its owner has come anew.</returns>
    public bool Request(Use use, DateTimeOffset now)
    {
        var comes = now - _leftAt >= Habit.Absence;
        _leftAt = Agenda.Later(now, _leftAt) + use.Work;
        if (Sessions is [.., { Early: true, CameAt: null, EndedAt: null } early])
            Sessions[^1] = early with { CameAt = now };
        _requestedAt = now;
        if (IsReady)
            Begin(use, now);
        else
            _owed.Add(use);
        return comes;
    }

    /// <summary>What it is now; a session begins and ends with it.</summary>
    public void Become(EngineState state, Reason reason, DateTimeOffset now)
    {
        if (state != Engine.State)
        {
            if (Engine.State == EngineState.Asleep)
                Sessions.Add(new(now, null, Engine.IsAhead));
            else if (state == EngineState.Asleep)
                Sessions[^1] = Sessions[^1] with { EndedAt = now };
        }

        Engine = Engine with
        {
            State = state,
            StateSince = state == Engine.State ? Engine.StateSince : now,
            Reason = reason,
            ObservedGeneration = Engine.Generation,
            ReadyAt = state != EngineState.Ready ? null : IsReady ? Engine.ReadyAt : now,
        };
    }

    /// <summary>Does what was asked for before it was ready.</summary>
    public void CatchUp(DateTimeOffset now)
    {
        foreach (var use in _owed)
            Begin(use, now);
        _owed.Clear();
    }

    /// <returns>What is lost by it.</returns>
    public TimeSpan Interrupt(DateTimeOffset now)
    {
        if (WorksUntil is not { } until || until <= now)
            return TimeSpan.Zero;
        WorksUntil = now;
        return until - now;
    }

    public Usage Usage(DateTimeOffset now) => new(
        Engine.ReadyAt ?? now, Open: 0, Latest(_requestedAt, Earlier(_watchedUntil, now)), WorksUntil > now ? Busy.Busy : Busy.Idle, now, Earlier(WorksUntil, now),
        Engine.LastVisit, null)
    {
        ExpectedUntil = Engine.IsAhead ? Engine.AskedAt + Habit.Patience : null,
    };

    private void Begin(Use use, DateTimeOffset now)
    {
        var begins = WorksUntil > now ? WorksUntil.Value : now;
        WorksUntil = begins + use.Work;
        _watchedUntil = Latest(_watchedUntil, begins + use.Watched);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? moment, DateTimeOffset now) => moment < now ? moment : moment is null ? null : now;

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
