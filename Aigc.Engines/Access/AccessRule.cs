using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;

namespace Aigc.Engines.Access;

/// <summary>Who may what with an engine. The only such rule there is: API, dashboard and proxy all ask it. What it does not know of is refused.</summary>
public static class AccessRule
{
    private const Rights All = Rights.See | Rights.Manage | Rights.View | Rights.Use | Rights.Own;

    public static Rights RightsOf(Standing who, Engine engine, DateTimeOffset now) =>
        RightsOf(who, engine.Owner, engine.Group, engine.Access, now);

    public static Rights RightsOf(Standing who, Route route, DateTimeOffset now) =>
        RightsOf(who, route.Owner, route.Group, route.Access, now);

    public static Rights RightsOf(Standing who, UserId owner, GroupId group, IReadOnlyList<Grant>? grants, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(who.Id.Value))
            return Rights.None;
        // Nearly everybody: grants are looked at for others alone.
        if (who.Id == owner)
            return All;

        var inGroup = who.Group == group && group.IsTenant;
        var rights = who.Role == Role.Admin || (who.Role == Role.GroupManager && inGroup) ? Rights.See | Rights.Manage : Rights.None;
        for (var i = 0; i < grants?.Count; i++)
        {
            var grant = grants[i];
            if (grant.Until <= now)
                continue;
            var concerns = grant.Kind switch
            {
                SubjectKind.Person => grant.Subject == who.Id.Value,
                SubjectKind.Group => inGroup && grant.Subject == group.Value,
                _ => false,
            };
            if (concerns)
                rights |= Given(grant.Level, who.Role);
        }

        return rights;
    }

    private static Rights Given(AccessLevel level, Role role) => level switch
    {
        AccessLevel.View => Rights.See | Rights.View,
        // Who is no administrator any more has lost what they gave themselves as one.
        AccessLevel.Use when role == Role.Admin => Rights.See | Rights.View | Rights.Use,
        _ => Rights.None,
    };
}
