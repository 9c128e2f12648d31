using Aigc.Engines.Pools;

namespace Aigc.Engines.Policies;

/// <summary>
/// How one engine falls asleep: the strictest of what template, pool, and rules for everyone, its group and its owner say, field by field.
/// Of the warnings the earliest counts: it delays nothing.
/// </summary>
public sealed class IdlePolicy
{
    /// <summary>Outside of working hours, an engine that is older than it may be sleeps after this long without activity.</summary>
    public static readonly TimeSpan Lull = TimeSpan.FromMinutes(5);

    private static readonly IdleRule Defaults = new()
    {
        Timeout = TimeSpan.FromMinutes(30),
        BusyLimit = TimeSpan.FromDays(1),
        UnknownLimit = TimeSpan.FromMinutes(30),
        FailedLimit = TimeSpan.FromMinutes(30),
        WarnBefore = TimeSpan.FromMinutes(2),
    };

    private readonly IReadOnlyList<IdleLayer> _layers;

    /// <param name="zone">For calendars that name none.</param>
    public IdlePolicy(IReadOnlyList<IdleLayer> layers, TimeZoneInfo zone)
    {
        _layers = layers;
        Timeout = Strictest(rule => rule.Timeout);
        ScarceTimeout = Said(rule => rule.ScarceTimeout) is var scarce && scarce.Any() ? scarce.MinBy(said => said.Value) : null;
        BusyLimit = Strictest(rule => rule.BusyLimit);
        UnknownLimit = Strictest(rule => rule.UnknownLimit);
        FailedLimit = Strictest(rule => rule.FailedLimit);
        WarnBefore = OrDefault(rule => rule.WarnBefore).MaxBy(said => said.Value);
        Calendars =
        [
            .. from layer in layers
               where layer.Rule is { WorkingHours: not null, Outside: not null }
               let hours = layer.Rule.WorkingHours!
               select new QuietTime(new(hours, ZoneOf(hours, zone)), hours, layer.Rule.Outside!, layer.Source),
        ];
    }

    public Sourced Timeout { get; }

    /// <summary>While cards are scarce; null: that makes no difference.</summary>
    public Sourced? ScarceTimeout { get; }

    public Sourced BusyLimit { get; }

    public Sourced UnknownLimit { get; }

    public Sourced FailedLimit { get; }

    public Sourced WarnBefore { get; }

    /// <summary>What applies outside of whose working hours.</summary>
    public IReadOnlyList<QuietTime> Calendars { get; }

    /// <summary>The idle timeout at a moment.</summary>
    /// <param name="awakeSince">When the engine became ready.</param>
    /// <param name="free">The part of its pool's cards that is free; 0 while somebody waits for one.</param>
    public TimeoutInForce TimeoutAt(DateTimeOffset at, DateTimeOffset awakeSince, double free = 1)
    {
        var force = new TimeoutInForce(Usual(free), Quiet: false);
        foreach (var quiet in Calendars)
        {
            if (quiet.Calendar.IsOpen(at))
                continue;
            if (quiet.Outside.Timeout < force.Timeout.Value)
                force = new(new(quiet.Outside.Timeout.Value, quiet.Source), Quiet: true);
            if (at - awakeSince >= quiet.Outside.MaxAge && Lull < force.Timeout.Value)
                force = new(new(Lull, quiet.Source), Quiet: true);
        }

        return force;
    }

    /// <summary>The first moment not before <paramref name="from"/> at which an engine without any further use has been idle long enough; an earlier one, when it was by then.</summary>
    public (DateTimeOffset At, TimeoutInForce Force) SleepsAt(DateTimeOffset lastUse, DateTimeOffset awakeSince, DateTimeOffset from, double free = 1)
    {
        var force = TimeoutAt(from, awakeSince, free);
        var at = lastUse + force.Timeout.Value;
        // No timeout is longer than the usual one: what changes later than that changes nothing.
        for (var change = NextChange(from, awakeSince); change < at; change = NextChange(change, awakeSince))
        {
            force = TimeoutAt(change, awakeSince, free);
            at = lastUse + force.Timeout.Value;
            if (at < change)
                at = change;
        }

        return (at, force);
    }

    /// <summary>How long before it sleeps its owner is told: at most a fifth of the timeout.</summary>
    public TimeSpan WarningFor(TimeSpan timeout) => timeout / 5 < WarnBefore.Value ? timeout / 5 : WarnBefore.Value;

    private DateTimeOffset NextChange(DateTimeOffset after, DateTimeOffset awakeSince)
    {
        var next = DateTimeOffset.MaxValue;
        foreach (var quiet in Calendars)
        {
            var change = quiet.Calendar.NextChange(after);
            if (awakeSince + quiet.Outside.MaxAge is { } grown && grown > after && grown < change)
                change = grown;
            if (change < next)
                next = change;
        }

        return next;
    }

    private Sourced Usual(double free) =>
        ScarceTimeout is { } scarce && new Scarcity(scarce.Value).IdleTimeout(Timeout.Value, free) is var shorter && shorter < Timeout.Value ? new(shorter, scarce.Source) : Timeout;

    private Sourced Strictest(Func<IdleRule, TimeSpan?> field) => OrDefault(field).MinBy(said => said.Value);

    private IEnumerable<Sourced> OrDefault(Func<IdleRule, TimeSpan?> field) => Said(field).DefaultIfEmpty(new(field(Defaults)!.Value, PolicySource.Default));

    private IEnumerable<Sourced> Said(Func<IdleRule, TimeSpan?> field) =>
        from layer in _layers let value = field(layer.Rule) where value is not null select new Sourced(value.Value, layer.Source);

    /// <summary>A name that this machine's time zones do not have stands for the studio's.</summary>
    private static TimeZoneInfo ZoneOf(WorkingHours hours, TimeZoneInfo otherwise) =>
        hours.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : otherwise;
}

/// <summary>What applies outside of working hours.</summary>
public sealed record QuietTime(WorkingCalendar Calendar, WorkingHours Hours, OutsideHours Outside, PolicySource Source);

/// <param name="Quiet">Whether it is shorter than usual because of the time of day.</param>
public readonly record struct TimeoutInForce(Sourced Timeout, bool Quiet);
