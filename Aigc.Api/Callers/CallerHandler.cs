using System.Security.Claims;
using System.Text.Encodings.Web;
using Aigc.Api.Auditing;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Callers;

/// <summary>Recognises a caller by cookie or bearer credential; signs browsers in and out.</summary>
public sealed class CallerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    Credentials credentials, SignIns signIns, BrowserSignIns browsers, Denials denials)
    : SignInAuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "caller";

    // The prefix makes browsers insist on Secure, Path=/ and no Domain; over plain http they would refuse it.
    private string CookieName => Request.IsHttps ? "__Host-aigc-sign-in" : "aigc-sign-in";

    private CookieOptions Cookie => new() { HttpOnly = true, Secure = Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/" };

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await FindAsync() is not { } signIn)
            return AuthenticateResult.NoResult();
        Context.Features.Set(Caller.Of(signIn, Context));
        // The antiforgery token is bound to the name identifier.
        var claims = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, signIn.User.Value), new(ClaimTypes.Name, signIn.Name)], Scheme);
        return AuthenticateResult.Success(new(new(claims), Scheme));
    }

    private async Task<SignIn?> FindAsync()
    {
        // An Authorization header is decisive: a bad token does not fall back to the cookie.
        if (Request.Headers.Authorization is [{ } authorization])
        {
            // Scopes are checked on the API; pages and forms are for browsers.
            return Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                ? await credentials.AuthenticateBearerAsync(authorization["Bearer ".Length..].Trim(), Context.ClientAddress(), Context.RequestAborted)
                : null;
        }

        if (Request.Cookies[CookieName] is not { Length: Secret.Length } cookie)
            return null;
        var signIn = await signIns.FindAsync(SignInKey.Of(cookie), Context.RequestAborted);
        // What an engine's host was given opens that engine, and nothing here.
        return signIn is { Kind: SignInKind.Dashboard } ? signIn : null;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            var here = HttpMethods.IsGet(Request.Method) ? $"{Request.Path}{Request.QueryString}" : "/";
            Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(here)}");
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Unauthenticated().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (Caller.From(Context) is { } caller)
            denials.Note(caller.Actor, ApiTarget.Of(Context, caller), "administrators only");
        return Problem.Forbidden("Only administrators may do this. Ask one of them.").ExecuteAsync(Context);
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        using var activity = ApiMetrics.Activities.StartActivity("sign-in");
        var (cookie, ends) = await browsers.BeginAsync(Context.Features.Get<SignedIn>()!, Context);
        var options = Cookie;
        options.Expires = ends;
        Response.Cookies.Append(CookieName, cookie, options);
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        if (Caller.From(Context) is { Kind: SignInKind.Dashboard } caller)
            await browsers.EndAsync(caller, caller.SignInKey, Context);
        Response.Cookies.Delete(CookieName, Cookie);
    }
}
