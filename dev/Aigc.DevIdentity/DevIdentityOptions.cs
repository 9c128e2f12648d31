using Microsoft.Extensions.Options;

namespace Aigc.DevIdentity;

/// <summary>Settings of the section <c>DevIdentity</c>.</summary>
public sealed class DevIdentityOptions
{
    /// <summary>Where browsers reach this provider; by default the address that a request came in by.</summary>
    public Uri? Issuer { get; set; }

    public string ClientId { get; set; } = "aigc";

    public string ClientSecret { get; set; } = "";

    /// <summary>People beside alice, bob, carol and admin.</summary>
    public IList<ExtraUser> Users { get; } = [];
}

public sealed class ExtraUser
{
    public string Name { get; set; } = "";
    public IList<string> Groups { get; } = [];
    public IList<string> Roles { get; } = [];
}

internal static class DevIdentityOptionsExtensions
{
    public static void AddDevIdentityOptions(this WebApplicationBuilder builder)
    {
        // Request logs would hold codes; the refusal to start has its own sentence.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<DevIdentityOptions>().BindConfiguration("DevIdentity")
            .Validate(o => o.Issuer is null or { IsAbsoluteUri: true }, "DevIdentity:Issuer must be an absolute URL.")
            .Validate(o => o.ClientId.Length > 0, "DevIdentity:ClientId must not be empty.")
            .Validate(o => o.ClientSecret.Length > 0, "DevIdentity:ClientSecret is missing: public clients are not allowed.")
            .Validate(o => o.Users.All(u => u.Name.Length > 0), "Every entry of DevIdentity:Users needs a Name.")
            .ValidateOnStart();
    }

    public static string IssuerFor(this DevIdentityOptions options, HttpRequest request) =>
        options.Issuer?.AbsoluteUri.TrimEnd('/') ?? AddressOf(request);

    /// <summary>The address that this request came in by; the path base is ours whether the request named it or not.</summary>
    public static string AddressOf(HttpRequest request) => $"{request.Scheme}://{request.Host}/identity";
}
