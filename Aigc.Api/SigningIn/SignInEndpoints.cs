using Aigc.Api.Callers;
using Aigc.Api.Pages;
using Aigc.Api.SigningIn.Checking;
using Aigc.Api.SigningIn.Renewing;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

public static class SignInEndpoints
{
    /// <summary>Addresses have their limits; without the hint the provider asks.</summary>
    private const int LongestHint = 4_096;

    public static void MapSignIn(this WebApplication app)
    {
        var group = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        group.MapGet("/login", LoginAsync);
        group.MapGet("/logout", ConfirmLogout);
        group.MapPost("/logout", LogoutAsync);
        app.MapGet("/enter", EnterEndpoint.EnterAsync).RequireAuthorization().ExcludeFromDescription();
    }

    private static async Task<Results<RedirectHttpResult, EmptyHttpResult, PlainPage>> LoginAsync(
        HttpContext context, IOptions<GatewayOptions> gateway,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "login_hint")] string? loginHint, string? returnUrl)
    {
        if (!gateway.Value.IsTrusted(context.Request.Host))
            return TypedResults.Redirect(new Uri(gateway.Value.PublicUrl, $"/login{context.Request.QueryString}").AbsoluteUri);

        var properties = new AuthenticationProperties { RedirectUri = LocalPath.Or(returnUrl) };
        properties.SetParameter(OidcHandler.LoginHint, loginHint);
        try
        {
            await context.ChallengeAsync(OidcHandler.Scheme, properties);
            return TypedResults.Empty;
        }
        catch (ProviderAwayException)
        {
            return SignInPages.ProviderAway(context);
        }
    }

    private static PlainPage ConfirmLogout(HttpContext context, IAntiforgery antiforgery) =>
        SignInPages.ConfirmLogout(antiforgery.GetAndStoreTokens(context));

    private static async Task<Results<RedirectHttpResult, PlainPage>> LogoutAsync(
        HttpContext context, IAntiforgery antiforgery, Provider provider, ProviderAccessStore accesses, AccessSecrets secrets, IOptions<IdentityOptions> options)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return SignInPages.ConfirmLogout(antiforgery.GetAndStoreTokens(context), StatusCodes.Status400BadRequest);
        var caller = Caller.From(context) is { Kind: SignInKind.Dashboard } browser ? browser : null;
        // What was granted goes with the sign-in.
        var access = caller is null ? null : await accesses.FindAsync(caller.SignInKey, context.RequestAborted);
        await context.SignOutAsync(CallerHandler.Scheme);
        return TypedResults.Redirect(caller is null ? "/" : await EndSessionUrlAsync(context, provider, options.Value, secrets.Reveal(access?.IdToken)));
    }

    /// <summary>Where the provider ends its own sign-in, so that the next one asks again; without such a place, the dashboard.</summary>
    private static async Task<string> EndSessionUrlAsync(HttpContext context, Provider provider, IdentityOptions options, string? idToken)
    {
        try
        {
            var discovered = await provider.GetAsync(context.RequestAborted);
            var parameters = new Dictionary<string, string?>
            {
                ["client_id"] = options.ClientId,
                ["post_logout_redirect_uri"] = $"{context.Request.Scheme}://{context.Request.Host}/",
            };
            // Says whose session it is, so that the provider need not ask.
            if (idToken is { Length: <= LongestHint })
                parameters["id_token_hint"] = idToken;
            return string.IsNullOrEmpty(discovered.EndSessionEndpoint) ? "/" : QueryHelpers.AddQueryString(discovered.EndSessionEndpoint, parameters);
        }
        catch (ProviderAwayException)
        {
            // Signed out here, which is what counts; the provider logged its absence.
            return "/";
        }
    }
}
