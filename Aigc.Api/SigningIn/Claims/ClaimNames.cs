namespace Aigc.Api.SigningIn.Claims;

/// <summary>
/// Where the provider says what; section <c>Identity:Claims</c>. Each is one path or several, separated by spaces; the first
/// that leads to something counts. What is not set comes from <see cref="ProviderPreset"/>.
/// </summary>
public sealed class ClaimNames
{
    public string? UserName { get; set; }
    public string? Name { get; set; }
    public string? Email { get; set; }

    /// <summary>The first one is the group that pays.</summary>
    public string? Groups { get; set; }

    /// <summary>Only groups that begin like this count, and are called by the rest: <c>/studio/</c>.</summary>
    public string GroupPrefix { get; set; } = "";
    public string? Roles { get; set; }

    /// <summary>The roles that make an administrator, separated by commas.</summary>
    public string AdminRole { get; set; } = "admin";

    /// <summary>The roles that make a manager of one's own group, separated by commas.</summary>
    public string GroupManagerRole { get; set; } = "group-manager";
}
