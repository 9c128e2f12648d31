namespace Aigc.Api.SigningIn.Claims;

/// <summary>Who signs people in; <c>Identity:Provider</c> takes the name.</summary>
public enum ProviderKind
{
    /// <summary>Claims as most providers can be told to send them; Aigc.DevIdentity does.</summary>
    Generic,
    Logto,
    Keycloak,
    Entra,
    Google,
}

/// <summary>What a provider calls things, and what it has to be asked for, unless a setting says otherwise.</summary>
/// <param name="Scopes">Separated by spaces.</param>
/// <param name="UserInfo">Not everything is in the id token.</param>
/// <param name="RequireGroup">Anybody in the world may have an account there: who has no group stays out.</param>
/// <param name="Parameters">More for the address that people sign in at.</param>
public sealed record ProviderPreset(
    string Scopes, string UserName, string Groups, string Roles, bool UserInfo = false, bool RequireGroup = false,
    params IReadOnlyList<(string Name, string Value)> Parameters)
{
    public static ProviderPreset Of(ProviderKind kind) => kind switch
    {
        // Without prompt=consent there is no refresh token; Logto asks nobody for consent to a first-party application.
        ProviderKind.Logto => new(
            "openid offline_access profile email roles custom_data urn:logto:scope:organizations",
            "username preferred_username email", "organizations custom_data.group", "roles", UserInfo: true, Parameters: ("prompt", "consent")),
        ProviderKind.Keycloak => new(
            "openid profile email", "preferred_username", "groups", "realm_access.roles resource_access.{client}.roles roles", UserInfo: true),
        ProviderKind.Entra => new("openid profile email offline_access", "preferred_username email", "groups", "roles"),
        // Google knows no roles: Identity:Claims:AdminRole lists administrators by their address.
        ProviderKind.Google => new("openid profile email", "email", "hd", "email", RequireGroup: true, Parameters: ("access_type", "offline")),
        _ => new("openid profile email groups roles", "preferred_username username", "groups", "roles realm_access.roles"),
    };
}
