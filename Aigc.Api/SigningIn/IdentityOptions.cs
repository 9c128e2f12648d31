using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>The OpenID Connect provider; section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>The provider's issuer as browsers reach it, such as <c>https://login.example.com/oidc</c>.</summary>
    public Uri? Authority { get; set; }

    /// <summary>Where this service reads the discovery document, when that is not below <see cref="Authority"/>.</summary>
    public Uri? MetadataAddress { get; set; }
    public string ClientId { get; set; } = "";
    public string ClientSecret { get; set; } = "";

    /// <summary>Separated by spaces; <c>openid</c> is necessary.</summary>
    public string Scopes { get; set; } = "openid profile email groups roles";

    /// <summary>Access tokens for this API name it; tokens for <see cref="ClientId"/> are accepted too.</summary>
    public string Audience { get; set; } = "aigc-api";
    public ClaimNames Claims { get; set; } = new();

    public Uri Discovery =>
        MetadataAddress ?? new Uri($"{Authority?.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration");
}

/// <summary>What the provider calls things.</summary>
public sealed class ClaimNames
{
    public string UserName { get; set; } = "preferred_username";
    public string Name { get; set; } = "name";
    public string Email { get; set; } = "email";

    /// <summary>The first one is the group that pays.</summary>
    public string Groups { get; set; } = "groups";
    public string Roles { get; set; } = "roles";

    /// <summary>The role that makes an administrator.</summary>
    public string AdminRole { get; set; } = "admin";

    /// <summary>The role that makes a manager of one's own group.</summary>
    public string GroupManagerRole { get; set; } = "group-manager";
}

/// <summary>How long sign-ins last; section <c>SignIn</c>.</summary>
public sealed class SignInOptions
{
    public const string Section = "SignIn";

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(12);
}

public sealed class ValidateIdentityOptions : IValidateOptions<IdentityOptions>, IValidateOptions<SignInOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        var errors = new List<string>();
        if (options.Authority is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            errors.Add("Identity:Authority must be the provider's absolute address, such as https://login.example.com/oidc.");
        if (options.MetadataAddress is { } metadata && metadata is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            errors.Add("Identity:MetadataAddress must be the absolute address of a discovery document.");
        if (options.ClientId.Length == 0)
            errors.Add("Identity:ClientId must be the id that the provider knows this gateway by.");
        if (options.ClientSecret.Length == 0)
            errors.Add("Identity:ClientSecret must be the secret that the provider gave this gateway.");
        if (!options.Scopes.Split(' ').Contains("openid"))
            errors.Add("Identity:Scopes must contain openid.");
        if (options.Audience.Length == 0)
            errors.Add("Identity:Audience must name this API as the provider's access tokens do.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    public ValidateOptionsResult Validate(string? name, SignInOptions options) =>
        options.Lifetime >= TimeSpan.FromMinutes(1) && options.Lifetime <= TimeSpan.FromDays(90)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("SignIn:Lifetime must be between 00:01:00 and 90.00:00:00.");
}
