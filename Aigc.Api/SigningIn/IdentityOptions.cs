using Aigc.Api.SigningIn.Claims;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>The OpenID Connect provider; section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>What it is, for its defaults of everything below.</summary>
    public ProviderKind Provider { get; set; }

    /// <summary>The provider's issuer as browsers reach it, such as <c>https://login.example.com/oidc</c>.</summary>
    public Uri? Authority { get; set; }

    /// <summary>Where this service reads the discovery document, when that is not below <see cref="Authority"/>.</summary>
    public Uri? MetadataAddress { get; set; }
    public string ClientId { get; set; } = "";
    public string ClientSecret { get; set; } = "";

    public ClientAuthentication ClientAuthentication { get; set; }

    /// <summary>Separated by spaces; <c>openid</c> is necessary.</summary>
    public string? Scopes { get; set; }

    /// <summary>More for the address that people sign in at, by name: <c>prompt</c>, <c>domain_hint</c> ...</summary>
    public Dictionary<string, string> Parameters { get; } = [];

    /// <summary>Access tokens for this API name it; tokens for <see cref="ClientId"/> are accepted too.</summary>
    public string Audience { get; set; } = "aigc-api";
    public ClaimNames Claims { get; set; } = new();

    /// <summary>Ask the userinfo endpoint for what the id token lacks.</summary>
    public bool? UserInfo { get; set; }

    /// <summary>Who is in no group stays out, instead of being in the group <c>none</c>.</summary>
    public bool? RequireGroup { get; set; }

    public Uri Discovery =>
        MetadataAddress ?? new Uri($"{Authority?.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration");

    /// <summary>What is not set is as the provider is known to have it.</summary>
    public void FillIn()
    {
        var preset = ProviderPreset.Of(Provider);
        Scopes ??= preset.Scopes;
        UserInfo ??= preset.UserInfo;
        RequireGroup ??= preset.RequireGroup;
        Claims.UserName ??= preset.UserName;
        Claims.Name ??= "name";
        Claims.Email ??= "email";
        Claims.Groups ??= preset.Groups;
        Claims.Roles ??= preset.Roles;
        foreach (var (name, value) in preset.Parameters)
            Parameters.TryAdd(name, value);
    }

    /// <summary>Claim paths, for this client.</summary>
    public string PathsTo(string? claim) => claim?.Replace("{client}", ClientId, StringComparison.Ordinal) ?? "";
}

/// <summary>How long sign-ins last; section <c>SignIn</c>.</summary>
public sealed class SignInOptions
{
    public const string Section = "SignIn";

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>So much longer than the provider granted a sign-in stays good while the provider can't be asked; never beyond <see cref="Lifetime"/>.</summary>
    public TimeSpan ProviderGrace { get; set; } = TimeSpan.FromHours(8);
}

public sealed class ValidateIdentityOptions : IValidateOptions<IdentityOptions>, IValidateOptions<SignInOptions>
{
    private static readonly string[] Ours =
        ["client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "request", "request_uri", "login_hint"];

    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        var errors = new List<string>();
        if (options.Authority is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            errors.Add("Identity:Authority must be the provider's absolute address, such as https://login.example.com/oidc.");
        if (options.MetadataAddress is { } metadata && metadata is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            errors.Add("Identity:MetadataAddress must be the absolute address of a discovery document.");
        if (!Enum.IsDefined(options.Provider))
            errors.Add($"Identity:Provider must be one of {string.Join(", ", Enum.GetNames<ProviderKind>())}.");
        if (options.ClientId.Length == 0)
            errors.Add("Identity:ClientId must be the id that the provider knows this gateway by.");
        if (options.ClientSecret.Length == 0)
            errors.Add("Identity:ClientSecret must be the secret that the provider gave this gateway.");
        if (!options.Scopes!.Split(' ').Contains("openid"))
            errors.Add("Identity:Scopes must contain openid.");
        if (options.Audience.Length == 0)
            errors.Add("Identity:Audience must name this API as the provider's access tokens do.");
        foreach (var parameter in options.Parameters.Keys.Intersect(Ours, StringComparer.OrdinalIgnoreCase))
            errors.Add($"Identity:Parameters:{parameter} is the gateway's own; remove it.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        var errors = new List<string>();
        if (options.Lifetime < TimeSpan.FromMinutes(1) || options.Lifetime > TimeSpan.FromDays(90))
            errors.Add("SignIn:Lifetime must be between 00:01:00 and 90.00:00:00.");
        if (options.ProviderGrace < TimeSpan.Zero || options.ProviderGrace > TimeSpan.FromDays(90))
            errors.Add("SignIn:ProviderGrace must be between 00:00:00 and 90.00:00:00.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
