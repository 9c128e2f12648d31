using System.Security.Claims;
using Aigc.Engines.People;

namespace Aigc.Api.SigningIn;

/// <summary>Reads a person out of the provider's claims.</summary>
public static class PersonClaims
{
    /// <param name="known">Fills in what an access token leaves out. Never makes an administrator.</param>
    /// <returns>Null without a subject.</returns>
    public static Person? Read(ClaimsIdentity claims, ClaimNames names, Person? known = null)
    {
        if (Subject(claims) is not { } subject)
            return null;
        var userName = First(names.UserName) ?? known?.UserName ?? subject.Value;
        return new(
            subject,
            userName,
            First(names.Name) ?? known?.Name ?? userName,
            First(names.Email) ?? known?.Email,
            First(names.Groups) is { } group ? new(group) : known?.Group ?? GroupId.None,
            RoleOf(claims, names));

        string? First(string type) => claims.FindFirst(type)?.Value is { Length: > 0 } value ? value : null;
    }

    private static Role RoleOf(ClaimsIdentity claims, ClaimNames names)
    {
        var roles = claims.FindAll(names.Roles).Select(role => role.Value).ToList();
        return roles.Contains(names.AdminRole) ? Role.Admin : roles.Contains(names.GroupManagerRole) ? Role.GroupManager : Role.User;
    }

    public static UserId? Subject(ClaimsIdentity claims) =>
        claims.FindFirst("sub")?.Value is { Length: > 0 } subject ? new UserId(subject) : null;
}
