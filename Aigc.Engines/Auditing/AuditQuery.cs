using System.Globalization;
using Aigc.Engines.People;

namespace Aigc.Engines.Auditing;

/// <summary>An entry as it was kept.</summary>
public sealed record AuditRecord(
    long Id, DateTimeOffset At, string Action, AuditOutcome Outcome, Actor Actor, AuditTarget? Target, string? Detail)
{
    public AuditPlace Place => new(At.ToUnixTimeMilliseconds(), Id);
}

/// <summary>Where a page ends and the next one begins.</summary>
public readonly record struct AuditPlace(long At, long Id) : IParsable<AuditPlace>
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}-{Id}");

    public static AuditPlace Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var place) ? place : throw new FormatException("A place is two numbers with a hyphen.");

    public static bool TryParse(string? s, IFormatProvider? provider, out AuditPlace result)
    {
        result = default;
        if (s?.Split('-') is not [var at, var id]
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        result = new(time, number);
        return true;
    }
}

/// <summary>Which entries somebody may see.</summary>
/// <param name="Self">What they did, and what was done to what is theirs; null: everything.</param>
/// <param name="Group">And what was done to what is this group's.</param>
/// <param name="Engines">Of that, only what was done to these.</param>
public sealed record AuditSight(UserId? Self, GroupId? Group = null, IReadOnlyList<string>? Engines = null)
{
    public static AuditSight Everything { get; } = new(null as UserId?);

    public static AuditSight Of(SignIn signIn) => signIn.Role == Role.Admin
        ? Everything
        : new(signIn.User, signIn.Role == Role.GroupManager ? signIn.Group : null, signIn.OnlyEngines?.Split(' '));
}

/// <summary>What of the audit log is asked for; what is null does not matter.</summary>
/// <param name="Actor">A person's id or user name.</param>
/// <param name="Target">An id, or an engine's host label.</param>
/// <param name="To">Exclusive.</param>
/// <param name="After">Only what is older than this place.</param>
public sealed record AuditQuery(
    AuditSight Sight, int Limit, string? Actor = null, string? Action = null, string? Target = null, AuditOutcome? Outcome = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, AuditPlace? After = null);
