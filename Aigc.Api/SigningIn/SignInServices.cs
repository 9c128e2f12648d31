using Aigc.Api.Callers;
using Aigc.Api.SigningIn.Checking;
using Aigc.Api.SigningIn.Claims;
using Aigc.Api.SigningIn.Ending;
using Aigc.Api.SigningIn.Renewing;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

public static class SignInServices
{
    public static void AddSignIn(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<IdentityOptions>, ValidateIdentityOptions>();
        services.AddSingleton<IValidateOptions<SignInOptions>, ValidateIdentityOptions>();
        services.AddOptions<IdentityOptions>().BindConfiguration(IdentityOptions.Section).PostConfigure(options => options.FillIn()).ValidateOnStart();
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateOnStart();
        services.AddHttpClient(Provider.HttpClient, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddSingleton<Provider>();
        services.AddSingleton<TokenValidator>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<PersonClaims>();
        services.AddSingleton<UserInfo>();
        services.AddSingleton<AccessSecrets>();
        services.AddSingleton<BrowserSignIns>();
        services.AddSingleton<AccessRenewal>();
        services.AddHostedService<AccessKeeper>();
        services.AddSingleton<LogoutTokens>();
        services.AddSingleton<Revocations>();
        services.AddSingleton<Endings>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<Credentials>();
        services.AddHostedService<RevocationWatch>();
        services.AddAuthorizationBuilder().AddPolicy(Policies.Admin, policy =>
            policy.RequireAssertion(context => context.Resource is HttpContext http && Caller.From(http) is { Role: Role.Admin }));
        services.AddAuthentication(CallerHandler.Scheme)
            .AddScheme<AuthenticationSchemeOptions, CallerHandler>(CallerHandler.Scheme, null)
            .AddOAuth<OAuthOptions, OidcHandler>(OidcHandler.Scheme, _ => { });
        services.AddOptions<OAuthOptions>(OidcHandler.Scheme).Configure<IOptions<IdentityOptions>, IHttpClientFactory>(Configure);

        // Their lines show whole addresses: the provider's codes and our own one-time codes are part of some.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // Keys are as open as the database they are in; docs/operations.md says to keep its backups as one keeps passwords.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

        services.AddDataProtection().SetApplicationName("aigc");
        services.PersistKeysToDatabase(builder.Configuration);
        services.AddAntiforgery(options =>
        {
            options.HeaderName = AntiforgeryFilter.Header;
            options.Cookie.Name = "aigc-antiforgery";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    private static void Configure(OAuthOptions options, IOptions<IdentityOptions> identity, IHttpClientFactory clients)
    {
        options.SignInScheme = CallerHandler.Scheme;
        options.CallbackPath = "/signin-oidc";
        options.ClientId = identity.Value.ClientId;
        options.ClientSecret = identity.Value.ClientSecret;
        options.UsePkce = true;
        // Replaced by what the provider's discovery document says, before each use.
        options.AuthorizationEndpoint = options.TokenEndpoint = identity.Value.Authority!.AbsoluteUri;
        options.Backchannel = clients.CreateClient(Provider.HttpClient);
        foreach (var scope in identity.Value.Scopes!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            options.Scope.Add(scope);
        // Lax: the provider's answer is a top-level navigation, and None would need https.
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Events.OnRemoteFailure = async context =>
        {
            await context.HttpContext.RequestServices.GetRequiredService<BrowserSignIns>().FailedAsync(context.HttpContext, context.Failure);
            context.HandleResponse();
        };
    }
}

public static class Policies
{
    public const string Admin = "admin";
}
