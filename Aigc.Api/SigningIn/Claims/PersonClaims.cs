using Aigc.Engines.People;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn.Claims;

/// <summary>Reads a person out of the provider's claims.</summary>
public sealed class PersonClaims(IOptions<IdentityOptions> options)
{
    private readonly IdentityOptions _options = options.Value;

    /// <param name="known">Fills in what an access token leaves out. Never gives a role.</param>
    /// <exception cref="PersonRefusedException">The claims name nobody, or a group is required and there is none.</exception>
    public Person Read(ProviderClaims claims, Person? known = null)
    {
        var subject = claims.Subject ?? throw new PersonRefusedException("The identity provider's token names nobody.", ForWantOfGroup: false);
        var userName = Text(claims, _options.Claims.UserName) ?? known?.UserName ?? subject;
        var group = GroupOf(claims) ?? known?.Group ?? GroupId.None;
        if (_options.RequireGroup == true && group == GroupId.None)
            throw new PersonRefusedException($"{userName} is in no group that may use this gateway.", ForWantOfGroup: true);
        return new(
            new(subject), userName, Text(claims, _options.Claims.Name) ?? known?.Name ?? userName,
            Text(claims, _options.Claims.Email) ?? known?.Email, group, RoleOf(claims));
    }

    /// <summary>Something that decides what a person may do is not among the claims.</summary>
    public bool Lacks(ProviderClaims claims) =>
        !claims.Has(_options.PathsTo(_options.Claims.UserName)) || !claims.Has(_options.PathsTo(_options.Claims.Groups)) || !claims.Has(_options.PathsTo(_options.Claims.Roles));

    private GroupId? GroupOf(ProviderClaims claims)
    {
        var prefix = _options.Claims.GroupPrefix;
        foreach (var name in claims.Texts(_options.PathsTo(_options.Claims.Groups)))
        {
            // Keycloak gives whole paths, such as /studio/art.
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name[prefix.Length..].Trim().TrimStart('/') is { Length: > 0 } group)
                return new(group);
        }

        return null;
    }

    private Role RoleOf(ProviderClaims claims)
    {
        var roles = claims.Texts(_options.PathsTo(_options.Claims.Roles));
        return Any(_options.Claims.AdminRole) ? Role.Admin : Any(_options.Claims.GroupManagerRole) ? Role.GroupManager : Role.User;

        bool Any(string names) =>
            names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(name => roles.Contains(name));
    }

    private string? Text(ProviderClaims claims, string? paths) => claims.Text(_options.PathsTo(paths));
}

/// <summary>Somebody the provider vouches for may not come in all the same.</summary>
public sealed class PersonRefusedException(string message, bool ForWantOfGroup) : Exception(message)
{
    public bool ForWantOfGroup { get; } = ForWantOfGroup;
}
